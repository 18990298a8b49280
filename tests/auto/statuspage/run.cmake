# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT

# cmake -DSOURCE=<this folder> -DWORK=<folder to run in> -DDAEMON=<dispatchd> -P run.cmake

include(${CMAKE_CURRENT_LIST_DIR}/../../npm.cmake)
find_program(CHROMIUM NAMES chromium chromium-browser google-chrome)
if(NOT CHROMIUM)
    message(FATAL_ERROR "The status page is tested in Chromium: install the package 'chromium'.")
endif()
dispatch_npm_install(${SOURCE} ${WORK})
file(REMOVE_RECURSE ${WORK}/lib ${WORK}/page ${WORK}/test)
file(COPY ${SOURCE}/lib ${SOURCE}/test ${SOURCE}/../../../src/server/operators/page
    DESTINATION ${WORK})
file(COPY ${SOURCE}/../interop/lib/daemon.mjs DESTINATION ${WORK}/lib)

file(GLOB tests ${WORK}/test/*.test.mjs)
if(NOT tests)
    message(FATAL_ERROR "There are no tests in ${WORK}/test.")
endif()
execute_process(
    COMMAND ${CMAKE_COMMAND} -E env DISPATCHD=${DAEMON} CHROMIUM=${CHROMIUM} ${NODE} --test ${tests}
    WORKING_DIRECTORY ${WORK}
    RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "Tests of the status page failed, see above.")
endif()
