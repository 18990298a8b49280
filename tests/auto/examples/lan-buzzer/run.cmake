# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT

# cmake -DSOURCE=<this folder> -DWORK=<folder to run in> -DPROGRAM=<lan-buzzer> -P run.cmake

include(${CMAKE_CURRENT_LIST_DIR}/../../../npm.cmake)
find_program(CHROMIUM NAMES chromium chromium-browser google-chrome)
if(NOT CHROMIUM)
    message(FATAL_ERROR "The page is tested in Chromium: install the package 'chromium'.")
endif()
# What the test of the status page has is all that this one needs.
set(browser ${SOURCE}/../../statuspage)
dispatch_npm_install(${browser} ${WORK})
file(COPY ${SOURCE}/buzzer.test.mjs ${browser}/lib/browser.mjs DESTINATION ${WORK})
execute_process(
    COMMAND ${CMAKE_COMMAND} -E env PROGRAM=${PROGRAM} CHROMIUM=${CHROMIUM}
        ${NODE} --test ${WORK}/buzzer.test.mjs
    WORKING_DIRECTORY ${WORK}
    RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "The contest did not go as it should, see above.")
endif()
