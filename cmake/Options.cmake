# What every target shares: the language, the warnings, the sanitizers, the include root.

add_library(atrium_options INTERFACE)
target_compile_features(atrium_options INTERFACE cxx_std_20)
target_include_directories(atrium_options INTERFACE "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
target_compile_options(
  atrium_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Woverloaded-virtual -Werror=switch -Winvalid-pch
                           $<$<BOOL:${ATRIUM_WERROR}>:-Werror>
                           $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
# Asio, Beast and JSON are compiled once, each in one file of its own, or come from Debian's library.
target_compile_definitions(
  atrium_options INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                           BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_REGEX
                           CAF_ENABLE_TYPE_ID_CHECKS)
if (ATRIUM_SANITIZE)
  target_compile_options(atrium_options INTERFACE -fsanitize=${ATRIUM_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(atrium_options INTERFACE -fsanitize=${ATRIUM_SANITIZE})
endif ()
# The layers tell libFuzzer where an input goes; a fuzz target alone has its main. What UBSan finds ends the run.
if (ATRIUM_FUZZ)
  target_compile_options(atrium_options INTERFACE -fsanitize=fuzzer-no-link -fno-sanitize-recover=all)
endif ()

# atrium_layer(name libs...) makes one library of all the sources of this folder.
function (atrium_layer name)
  file(GLOB sources CONFIGURE_DEPENDS *.cpp */*.cpp)
  list(FILTER sources EXCLUDE REGEX "/actors/runtime/")
  list(APPEND sources ${ATRIUM_LAYER_EXTRA})
  add_library(atrium_${name} STATIC ${sources})
  target_link_libraries(atrium_${name} PUBLIC atrium_options ${ARGN})
endfunction ()
