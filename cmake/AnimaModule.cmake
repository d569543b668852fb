# anima_module(NAME DEPENDS targets...)
#   A static library `anima_NAME` of src/NAME/*.cpp, and, with ANIMA_TESTS, an
#   executable `anima_NAME_tests` of tests/NAME/*_test.cpp, each test known to CTest
#   under the label NAME. A module lists only modules of lower layers in DEPENDS.
function(anima_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;TEST_DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  if(ANIMA_FUZZ)
    # Clang cannot read libtorch's headers as C++20 with GCC 12's library: what runs or trains
    # networks is left out, and no fuzz target needs it.
    foreach(source ${sources})
      file(STRINGS ${source} torch REGEX "^#include .*(torch/|ATen/|torch_operator)")
      if(torch)
        list(REMOVE_ITEM sources ${source})
      endif()
    endforeach()
  endif()
  if(sources)
    add_library(anima_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(anima_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(anima_${name} ${scope} ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(anima_${name} ${scope} ${ARG_DEPENDS})
  anima_compile_options(anima_${name} ${scope})

  if(NOT ANIMA_TESTS)
    return()
  endif()
  file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${name}/*_test.cpp)
  if(tests)
    add_executable(anima_${name}_tests ${tests})
    target_include_directories(anima_${name}_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_link_libraries(anima_${name}_tests PRIVATE anima_${name} GTest::gmock GTest::gtest_main ${ARG_TEST_DEPENDS})
    target_compile_definitions(anima_${name}_tests PRIVATE
      ANIMA_SOURCE_DIR="${CMAKE_SOURCE_DIR}" ANIMA_BINARY_DIR="${CMAKE_BINARY_DIR}")
    anima_compile_options(anima_${name}_tests PRIVATE)
    gtest_discover_tests(anima_${name}_tests PROPERTIES LABELS ${name} TIMEOUT 600
      DISCOVERY_TIMEOUT 120)
  endif()
endfunction()

# Warnings, sanitizers and the one instruction-set decision, for one target.
function(anima_compile_options target scope)
  if(scope STREQUAL INTERFACE)
    return()
  endif()
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    -Woverloaded-virtual $<$<BOOL:${ANIMA_WARNINGS_AS_ERRORS}>:-Werror>)
  if(ANIMA_WARNINGS_AS_ERRORS AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # GCC 12 warns wrongly of `"text" + std::string` (GCC bug 105651), and of every member that a
    # designated initializer rightly leaves to its default.
    target_compile_options(${target} PRIVATE -Wno-error=restrict -Wno-missing-field-initializers)
  endif()
  # SIMD comes from Highway's run-time dispatch, so the baseline stays portable. Never
  # -ffast-math: it deletes the (x + magic) - magic step of polynomial exponentials.
  if(ANIMA_SANITIZE)
    target_compile_options(${target} ${scope} -fsanitize=${ANIMA_SANITIZE} -fno-omit-frame-pointer
      -fno-sanitize-recover=all)
    target_link_options(${target} ${scope} -fsanitize=${ANIMA_SANITIZE})
  endif()
endfunction()
