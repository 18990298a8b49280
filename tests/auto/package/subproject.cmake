# SPDX-License-Identifier: MIT
# Builds this project as a part of another, static and without a server, and runs what it links to;
# then the same program with what that build installs.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)

set(source ${CMAKE_CURRENT_LIST_DIR}/subproject)
set(from_here -D FETCHCONTENT_SOURCE_DIR_DISPATCH=${SOURCE_DIR})
file(REMOVE_RECURSE ${WORK_DIR}/prefix ${WORK_DIR}/client ${WORK_DIR}/installed)

configure_project(${source} ${WORK_DIR}/client -D WITH_QML=OFF ${from_here})

build_project(${source} ${WORK_DIR} ${from_here})
run(${WORK_DIR}/guest)
run(${WORK_DIR}/guest-qml)

run(${CMAKE_COMMAND} --install ${WORK_DIR} --prefix ${WORK_DIR}/prefix)
build_project(${source} ${WORK_DIR}/installed
    -D INSTALLED=ON -D CMAKE_PREFIX_PATH=${WORK_DIR}/prefix)
run(${WORK_DIR}/installed/guest)
run(${WORK_DIR}/installed/guest-qml)
