# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
# What each component of the installation has, which is what is in each Debian package: all that it
# should have, nothing else, and all of the installation is in one of them.
cmake_minimum_required(VERSION 3.22)
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)
include(${BUILD_DIR}/CPackConfig.cmake)

# Patterns of files below <libdir> and elsewhere. Each file of a component matches one of these, and
# each of these a file.
set(development
    "^include/Dispatch/[A-Za-z]+$" "^include/Dispatch/[a-z_]+\\.h$"
    "^LIB/libDispatch[A-Za-z]+\\.so$" "^LIB/pkgconfig/dispatch-[a-z]+\\.pc$"
    "^LIB/cmake/Dispatch/Dispatch(Config|ConfigVersion|Targets|Targets-[a-z]+)\\.cmake$")
set(qml
    "^LIB/qt6/qml/Dispatch/.*/?libDispatch[A-Za-z]+\\.so$" "^LIB/qt6/qml/Dispatch/(.*/)?qmldir$"
    "^LIB/qt6/qml/Dispatch/.*\\.qmltypes$" "^LIB/qt6/qml/Dispatch/Inspector/Inspector[A-Za-z]+\\.qml$")
set(dispatchd
    "^bin/dispatchd$"
    "^lib/systemd/system/dispatchd\\.service$" "^lib/systemd/system/dispatchd\\.socket$"
    "^lib/sysusers\\.d/dispatchd\\.conf$"
    "^share/man/man8/dispatchd\\.8$" "^share/man/man5/dispatchd\\.toml\\.5$"
    "^share/bash-completion/completions/dispatchd$"
    "^share/doc/Dispatch/examples/dispatchd\\.toml$")
set(dispatchctl
    "^bin/dispatchctl$" "^share/man/man1/dispatchctl\\.1$"
    "^share/bash-completion/completions/dispatchctl$")

# The files below <root>, relative to it.
function(files_below root result)
    file(GLOB_RECURSE files RELATIVE ${root} ${root}/*)
    string(REPLACE "${LIBDIR}/" "LIB/" files "${files}")
    # What does not depend on the machine is not in its folder.
    list(TRANSFORM files REPLACE "^LIB/(systemd|sysusers\\.d)/" "lib/\\1/")
    set(${result} ${files} PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
set(wrong "")
set(in_components "")
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
    run(${CMAKE_COMMAND} --install ${BUILD_DIR} --component ${component} --prefix ${WORK_DIR}/${component})
    files_below(${WORK_DIR}/${component} files)
    if(NOT DEFINED ${component}) # a library
        set(${component} "^LIB/libDispatch[A-Za-z]+\\.so\\.[0-9]+$" "^LIB/libDispatch[A-Za-z]+\\.so\\.[0-9.]+$")
    endif()
    list(JOIN ${component} "|" any)
    foreach(file IN LISTS files)
        if(NOT file MATCHES "${any}")
            string(APPEND wrong "${component} has ${file}\n")
        endif()
        if(file IN_LIST in_components)
            string(APPEND wrong "${component} has ${file}, as another one has\n")
        endif()
    endforeach()
    foreach(pattern IN LISTS ${component})
        set(matching ${files})
        list(FILTER matching INCLUDE REGEX "${pattern}")
        if(NOT matching)
            string(APPEND wrong "${component} has nothing like ${pattern}\n")
        endif()
    endforeach()
    list(APPEND in_components ${files})
endforeach()

run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR}/all)
files_below(${WORK_DIR}/all all)
list(REMOVE_ITEM all ${in_components})
foreach(file IN LISTS all)
    string(APPEND wrong "No component has ${file}\n")
endforeach()
if(wrong)
    message(FATAL_ERROR "${wrong}")
endif()
list(LENGTH in_components count)
message(STATUS "${count} files are in the component that they belong to")
