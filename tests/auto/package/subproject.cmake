# SPDX-License-Identifier: MIT
# Builds this project as a part of another, the client alone and static, and runs what it links to.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)

build_project(${CMAKE_CURRENT_LIST_DIR}/subproject ${WORK_DIR}
    -D FETCHCONTENT_SOURCE_DIR_DISPATCH=${SOURCE_DIR})
run(${WORK_DIR}/guest)
