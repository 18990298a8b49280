# SPDX-License-Identifier: MIT
# Compiles misuse.cpp as it is, which must succeed, and with its misuse, which must fail with the
# messages that say what to do.
# Usage: cmake -D COMPILER=... -D INCLUDES=<folder>;... -D SOURCE=... -P misuse.cmake
cmake_minimum_required(VERSION 3.22)

list(REMOVE_DUPLICATES INCLUDES)
list(FILTER INCLUDES EXCLUDE REGEX "^$")
list(TRANSFORM INCLUDES PREPEND -I)
set(command ${COMPILER} -std=c++20 -fsyntax-only -fPIC ${INCLUDES})

execute_process(COMMAND ${command} ${SOURCE} RESULT_VARIABLE result ERROR_VARIABLE output)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "The right use does not compile:\n${output}")
endif()

execute_process(COMMAND ${command} -DMISUSE ${SOURCE} RESULT_VARIABLE result ERROR_VARIABLE output)
if(result EQUAL 0)
    message(FATAL_ERROR "The misuse compiles")
endif()
foreach(advice IN ITEMS
        "a payload can't be read as this type. Make it a Q_GADGET"
        "this type can't be a payload. Make it a Q_GADGET"
        "the handler of on<T>() and onRequest<T>() takes a const T &"
        "For a payload of a type of your own say which: on<T>()"
        "the handler of onRequest() gives the reply's payload"
        "only a type with conversions of its own can be registered")
    string(FIND "${output}" "${advice}" at)
    if(at EQUAL -1)
        message(FATAL_ERROR "Nobody is told '${advice}':\n${output}")
    endif()
endforeach()
message(STATUS "Misuse does not compile, and says why")
