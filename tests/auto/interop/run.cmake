# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT

# cmake -DSOURCE=<this folder> -DWORK=<folder to run in> -DDAEMON=<dispatchd>
#       -DNATIVE_PEER=<program> -P run.cmake

include(${CMAKE_CURRENT_LIST_DIR}/../../npm.cmake)
dispatch_npm_install(${SOURCE} ${WORK})
file(REMOVE_RECURSE ${WORK}/lib ${WORK}/test)
file(COPY ${SOURCE}/lib ${SOURCE}/test DESTINATION ${WORK})

file(GLOB tests ${WORK}/test/*.test.mjs)
if(NOT tests)
    message(FATAL_ERROR "There are no interop tests in ${WORK}/test.")
endif()
execute_process(
    COMMAND ${CMAKE_COMMAND} -E env DISPATCHD=${DAEMON} NATIVE_PEER=${NATIVE_PEER}
        OPENAPI=${SOURCE}/../../../docs/openapi.yaml
        ${NODE} --test ${tests}
    WORKING_DIRECTORY ${WORK}
    RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "Interop tests failed, see above.")
endif()
