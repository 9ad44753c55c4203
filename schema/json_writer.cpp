#include "schema/json_writer.hpp"

#include "schema/decimal.hpp"
#include "schema/json_text.hpp"
#include "schema/object_order.hpp"
#include "schema/placeholder.hpp"

namespace atrium {

void json_writer::write(const json::value& x) {
  switch (x.kind()) {
    case json::kind::null: out_.append("null"); break;
    case json::kind::bool_: out_.append(x.get_bool() ? "true" : "false"); break;
    case json::kind::int64: append_decimal(out_, x.get_int64()); break;
    case json::kind::uint64: append_decimal(out_, x.get_uint64()); break;
    case json::kind::double_: append_json_number(out_, x.get_double()); break;
    case json::kind::string: append_json_string(out_, x.get_string()); break;
    case json::kind::array: write(x.get_array()); break;
    case json::kind::object: write(x.get_object()); break;
  }
}

void json_writer::write(const json::array& x) {
  out_.push_back('[');
  auto separator = false;
  for (const auto& element : x) {
    if (separator)
      out_.push_back(',');
    separator = true;
    write(element);
  }
  out_.push_back(']');
}

void json_writer::write(const json::object& x) {
  if (order_ && is_placeholder(x)) {
    write_placeholder(x);
    return;
  }
  out_.push_back('{');
  auto separator = false;
  for_each_member(x, [this, &separator](const json::key_value_pair& member) {
    if (separator)
      out_.push_back(',');
    separator = true;
    append_json_string(out_, member.key());
    out_.push_back(':');
    write(member.value());
  });
  out_.push_back('}');
}

void json_writer::write_placeholder(const json::object& x) {
  auto index = placeholder_index(x, attachments_);
  if (! index) {
    out_.append("null");
    return;
  }
  out_.append(R"({"_placeholder":true,"num":)");
  append_decimal(out_, order_->size());
  out_.push_back('}');
  order_->push_back(*index);
}

} // namespace atrium
