# SPDX-License-Identifier: MIT
# Follows docs/guide.md from an empty folder on, with what was installed.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)

file(REMOVE_RECURSE ${WORK_DIR})
run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR}/prefix)
cut_samples(docs/guide.md ${WORK_DIR}/chat)
build_project(${WORK_DIR}/chat ${WORK_DIR}/chat/build -D CMAKE_PREFIX_PATH=${WORK_DIR}/prefix)
run(${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
    ${PYTHON} ${CMAKE_CURRENT_LIST_DIR}/guide.py ${WORK_DIR}/chat ${WORK_DIR}/prefix/bin)
