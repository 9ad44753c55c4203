#pragma once

#include "schema/history_query.hpp"
#include "schema/refusal.hpp"

#include <string>
#include <vector>

namespace atrium {

/// The most values that one answer may hold, whatever the query says.
inline constexpr std::size_t history_values_max = 500'000;

/// Reads the options of `getHistory`, defaults included (reference: ioBroker, 5.1 and 5.2).
/// `options` is an object, the name of an instance, or null. Refused: unknown aggregates, and those
/// that are not built in.
checked<history_query>
parse_history_options(std::string id, const json::value& options, epoch_ms now);

/// Reads a time: milliseconds, the same as text, or a date such as `2024-03-01`,
/// `2024-03-01T12:30`, `2024-03-01T12:30:15.250Z` (UTC when it does not say).
std::optional<epoch_ms> parse_time(const json::value& x);

/// Appends the values of an answer as a JSON array, with the attributes that `query` asks for.
void append_json(std::string& out, const history_query& query,
                 const std::vector<history_value>& values);

} // namespace atrium
