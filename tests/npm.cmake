# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT

# For scripts (cmake -P) that run JavaScript: sets NODE, and installs packages from a lock file.

find_program(NODE NAMES node nodejs)
find_program(NPM NAMES npm)
if(NOT NODE OR NOT NPM)
    message(FATAL_ERROR
        "JavaScript clients and servers need Node.js 18 or newer and npm: install the packages "
        "'nodejs' and 'npm'.")
endif()

# dispatch_npm_install(<source> <work>)
# Copies package.json, package-lock.json and .npmrc of <source> to <work> and installs there what
# the lock file names, if that was not done.
function(dispatch_npm_install source work)
    file(COPY ${source}/package.json ${source}/package-lock.json ${source}/.npmrc DESTINATION ${work})
    # What is installed is known by the lock file that it was installed from.
    file(SHA256 ${source}/package-lock.json lock)
    set(stamp ${work}/node_modules/.installed-from)
    set(installed "")
    if(EXISTS ${stamp})
        file(READ ${stamp} installed)
    endif()
    if(installed STREQUAL lock)
        return()
    endif()
    execute_process(
        COMMAND ${NPM} ci --no-audit --no-fund
        WORKING_DIRECTORY ${work}
        RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR
            "'npm ci' failed in ${work}: the packages of its package-lock.json are needed, once. "
            "Is the npm registry in reach?")
    endif()
    file(WRITE ${stamp} ${lock})
endfunction()
