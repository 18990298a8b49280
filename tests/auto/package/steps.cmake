# SPDX-License-Identifier: MIT
# What the tests of the package have in common.

# run(<command>...) runs a command and fails with all that it said.
function(run)
    execute_process(COMMAND ${ARGN}
        RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 800)
    if(NOT result EQUAL 0)
        string(JOIN " " command ${ARGN})
        message(NOTICE "${output}")
        message(FATAL_ERROR "This ended with '${result}', see above: ${command}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

# cut_samples(<folder> --files <page>) writes the files that a page of the documentation shows,
# cut_samples(<folder> --cmake) a project for each other sample that is for CMake.
function(cut_samples folder)
    run(${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
        ${PYTHON} ${SOURCE_DIR}/tests/auto/documentation/samples.py ${SOURCE_DIR} ${folder} ${ARGN})
endfunction()

# configure_project(<source folder> <build folder> <option>...)
function(configure_project source build)
    set(options -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_BUILD_TYPE=Debug)
    if(COMPILER_LAUNCHER)
        list(APPEND options -D CMAKE_CXX_COMPILER_LAUNCHER=${COMPILER_LAUNCHER})
    endif()
    if(SANITIZE)
        list(APPEND options -D "CMAKE_CXX_FLAGS=-fsanitize=${SANITIZE} -fno-omit-frame-pointer")
    endif()
    run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${source} -B ${build} ${options} ${ARGN})
endfunction()

# build_project(<source folder> <build folder> <option>...)
function(build_project source build)
    configure_project(${source} ${build} ${ARGN})
    run(${CMAKE_COMMAND} --build ${build})
endfunction()
