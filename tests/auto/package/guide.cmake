# SPDX-License-Identifier: MIT
# Follows docs/guide.md from an empty folder on, with what was installed, and configures the other
# samples for CMake.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)

file(REMOVE_RECURSE ${WORK_DIR})
run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR}/prefix)
cut_samples(${WORK_DIR}/chat --files docs/guide.md)
build_project(${WORK_DIR}/chat ${WORK_DIR}/chat/build -D CMAKE_PREFIX_PATH=${WORK_DIR}/prefix)
run(${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
    ${PYTHON} ${CMAKE_CURRENT_LIST_DIR}/guide.py ${WORK_DIR}/chat ${WORK_DIR}/prefix/bin)

cut_samples(${WORK_DIR}/cmake --cmake)
file(GLOB projects ${WORK_DIR}/cmake/*)
if(NOT projects)
    message(FATAL_ERROR "The documentation has no sample for CMake")
endif()
foreach(project IN LISTS projects)
    configure_project(${project} ${project}/build
        -D CMAKE_PREFIX_PATH=${WORK_DIR}/prefix
        -D FETCHCONTENT_SOURCE_DIR_DISPATCH=${SOURCE_DIR})
endforeach()
