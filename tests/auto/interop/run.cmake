# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT

# cmake -DSOURCE=<this folder> -DWORK=<folder to run in> -DDAEMON=<dispatchd>
#       -DNATIVE_PEER=<program> -P run.cmake
# Installs the packages of package-lock.json into WORK, if that was not done, and runs the tests.

find_program(NODE NAMES node nodejs)
find_program(NPM NAMES npm)
if(NOT NODE OR NOT NPM)
    message(FATAL_ERROR
        "The interop tests need Node.js 18 or newer and npm: install the packages 'nodejs' and 'npm'.")
endif()

file(REMOVE_RECURSE ${WORK}/lib ${WORK}/test)
file(COPY ${SOURCE}/lib ${SOURCE}/test ${SOURCE}/package.json ${SOURCE}/package-lock.json ${SOURCE}/.npmrc
    DESTINATION ${WORK})

# What is installed is known by the lock file that it was installed from.
file(SHA256 ${SOURCE}/package-lock.json lock)
set(stamp ${WORK}/node_modules/.installed-from)
set(installed "")
if(EXISTS ${stamp})
    file(READ ${stamp} installed)
endif()
if(NOT installed STREQUAL lock)
    execute_process(
        COMMAND ${NPM} ci --no-audit --no-fund
        WORKING_DIRECTORY ${WORK}
        RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR
            "'npm ci' failed in ${WORK}: the interop tests need the packages of package-lock.json, "
            "once. Is the npm registry in reach?")
    endif()
    file(WRITE ${stamp} ${lock})
endif()

file(GLOB tests ${WORK}/test/*.test.mjs)
if(NOT tests)
    message(FATAL_ERROR "There are no interop tests in ${WORK}/test.")
endif()
execute_process(
    COMMAND ${CMAKE_COMMAND} -E env DISPATCHD=${DAEMON} NATIVE_PEER=${NATIVE_PEER}
        ${NODE} --test ${tests}
    WORKING_DIRECTORY ${WORK}
    RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "Interop tests failed, see above.")
endif()
