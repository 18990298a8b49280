# SPDX-License-Identifier: MIT
# Installs what was built, moves it elsewhere, and uses it there as a stranger would.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)

file(REMOVE_RECURSE ${WORK_DIR})
run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR}/installed)
# Whatever was noted down as an absolute path does not survive this.
file(RENAME ${WORK_DIR}/installed ${WORK_DIR}/prefix)

file(GLOB_RECURSE headers ${WORK_DIR}/prefix/*.h)
if(NOT headers)
    message(FATAL_ERROR "No header was installed")
endif()
list(FILTER headers INCLUDE REGEX "_p\\.h$")
if(headers)
    message(FATAL_ERROR "Private headers were installed: ${headers}")
endif()

cut_samples(${WORK_DIR}/readme --files README.md)
cut_samples(${WORK_DIR}/guide --files docs/guide.md)
build_project(${CMAKE_CURRENT_LIST_DIR}/consumer ${WORK_DIR}/build
    -D CMAKE_PREFIX_PATH=${WORK_DIR}/prefix
    -D README_SAMPLES=${WORK_DIR}/readme)
run(${WORK_DIR}/build/embedded)

# As one builds who has pkg-config alone.
find_program(PKG_CONFIG pkg-config REQUIRED)
set(ENV{PKG_CONFIG_PATH} ${WORK_DIR}/prefix/${LIBDIR}/pkgconfig)
run(${PKG_CONFIG} --cflags --libs dispatch-client dispatch-server)
string(STRIP "${output}" flags)
separate_arguments(flags UNIX_COMMAND "${flags}")
if(SANITIZE)
    list(APPEND flags -fsanitize=${SANITIZE})
endif()
run(${COMPILER} -std=c++20 -fPIC ${WORK_DIR}/readme/readme.cpp -o ${WORK_DIR}/build/readme
    ${flags} -Wl,-rpath,${WORK_DIR}/prefix/${LIBDIR})
run(${WORK_DIR}/build/readme)
if(NOT output MATCHES "Hello! after")
    message(FATAL_ERROR "The C++ sample of the README did not hear itself: ${output}")
endif()
run(${WORK_DIR}/prefix/bin/dispatchd --version)
if(TOOLS)
    run(${WORK_DIR}/prefix/bin/dispatchctl --version)
endif()
file(STRINGS ${WORK_DIR}/build/import_path import_path)
run(${WORK_DIR}/build/loader ${import_path} ${CMAKE_CURRENT_LIST_DIR}/consumer/embedded.qml)
run(${WORK_DIR}/build/loader ${import_path} ${CMAKE_CURRENT_LIST_DIR}/consumer/inspected.qml)
run(${WORK_DIR}/build/loader ${import_path} ${WORK_DIR}/readme/readme.qml)
run(${WORK_DIR}/build/loader ${import_path} ${WORK_DIR}/guide/Main.qml)

find_program(LDD ldd)
if(LDD)
    run(${LDD} ${WORK_DIR}/build/embedded)
    if(NOT output MATCHES "libDispatchClient[^\n]*${WORK_DIR}/prefix")
        message(FATAL_ERROR "The consumer does not use the installed library:\n${output}")
    endif()
    if(output MATCHES "Qt6(Qml|Quick|Gui)")
        message(FATAL_ERROR "A C++ consumer loads more of Qt than it needs:\n${output}")
    endif()
endif()
