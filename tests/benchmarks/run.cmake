# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT

# Installs the peers into WORK and runs the benchmarks; the variables are those of CMakeLists.txt.

include(${CMAKE_CURRENT_LIST_DIR}/../npm.cmake)
dispatch_npm_install(${SOURCE}/peers ${WORK})
file(GLOB scripts ${SOURCE}/peers/*.mjs ${SOURCE}/runner/*.mjs)
file(COPY ${scripts} DESTINATION ${WORK})

set(environment "")
foreach(name DISPATCHD LOAD RECEIVER QML_RECEIVER OUTPUT QUICK PART BUILD_TYPE SOURCE)
    list(APPEND environment ${name}=${${name}})
endforeach()
set(script run.mjs)
if(PART STREQUAL cluster)
    set(script cluster.mjs)
endif()
execute_process(
    COMMAND ${CMAKE_COMMAND} -E env ${environment} ${NODE} ${script}
    WORKING_DIRECTORY ${WORK}
    RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "The benchmarks could not be run, see above.")
endif()
