# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
# Debian packages by CPack, one for each component of the installation. scripts/package makes them;
# docs/packaging.md tells what is in which.

set(DISPATCH_PACKAGE_CONTACT "The Dispatch authors <dispatch@localhost>" CACHE STRING
    "Who made the packages: NAME <ADDRESS>")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "${DISPATCH_PACKAGE_CONTACT}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
# Until 1.0 any version may be another interface.
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY "=")
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/debian/stage.cmake)
set(CPACK_COMPONENTS_ALL "")

# dispatch_debian_package(<component> <package> SECTION <section> SUMMARY <text> TEXT <text>
#     [DEPENDS <package>...] [RECOMMENDS <package>...] [COMPONENTS <component>...] [CONTROL <file>...])
macro(dispatch_debian_package component package)
    cmake_parse_arguments(deb "" "SECTION;SUMMARY;TEXT" "DEPENDS;RECOMMENDS;COMPONENTS;CONTROL" ${ARGN})
    string(TOUPPER ${component} upper)
    list(APPEND CPACK_COMPONENTS_ALL ${component})
    set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${package})
    set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${deb_SECTION})
    list(JOIN deb_DEPENDS ", " CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS)
    list(JOIN deb_RECOMMENDS ", " CPACK_DEBIAN_${upper}_PACKAGE_RECOMMENDS)
    set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA "${deb_CONTROL}")
    set(CPACK_COMPONENT_${upper}_DEPENDS "${deb_COMPONENTS}")
    set(CPACK_COMPONENT_${upper}_DESCRIPTION "${deb_SUMMARY}\n${deb_TEXT}")
endmacro()

set(control ${PROJECT_SOURCE_DIR}/packaging/debian)
set(about "Dispatch has apps share rooms in real time: who is there, and events to all\nof them or to some, over bad networks, too.")
get_property(libraries GLOBAL PROPERTY DISPATCH_LIBRARIES)

# The components that have what <target> links.
function(dispatch_components_of target result)
    get_target_property(linked ${target} LINK_LIBRARIES)
    string(REGEX REPLACE "\\$<TARGET_NAME_IF_EXISTS:([^>]*)>" "\\1" linked "${linked}")
    set(components ${${result}})
    foreach(name IN LISTS libraries)
        if(Dispatch::${name} IN_LIST linked)
            string(TOLOWER ${name} component)
            list(APPEND components ${component})
        endif()
    endforeach()
    list(REMOVE_DUPLICATES components)
    set(${result} ${components} PARENT_SCOPE)
endfunction()

set(library_components "")
foreach(name IN LISTS libraries)
    string(TOLOWER ${name} lower)
    string(TOUPPER ${name} upper)
    get_property(summary GLOBAL PROPERTY DISPATCH_${upper}_SUMMARY)
    get_target_property(folder Dispatch${name} BINARY_DIR)
    list(APPEND CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${folder})
    set(needed "")
    dispatch_components_of(Dispatch${name} needed)
    dispatch_debian_package(${lower} libdispatch${lower}${PROJECT_VERSION_MAJOR}
        SECTION libs
        SUMMARY "${summary}, library for Qt 6"
        TEXT "${about}\nThis is the library that programs were built with."
        CONTROL ${control}/triggers
        COMPONENTS ${needed})
    list(APPEND library_components ${lower})
endforeach()

dispatch_debian_package(development libdispatch-dev
    SECTION libdevel
    SUMMARY "real-time rooms for Qt 6, to build with"
    TEXT "${about}\nThese are the headers, and what CMake and pkg-config have to know."
    DEPENDS qt6-base-dev
    COMPONENTS ${library_components})

if(DISPATCH_BUILD_QML)
    set(needed "")
    get_property(modules GLOBAL PROPERTY DISPATCH_QML_MODULES)
    foreach(module IN LISTS modules)
        dispatch_components_of(${module} needed)
    endforeach()
    dispatch_debian_package(qml qml6-module-dispatch
        SECTION libs
        SUMMARY "real-time rooms for Qt 6, QML module"
        TEXT "${about}\nThis is what 'import Dispatch' is in QML."
        DEPENDS qml6-module-qtqml qml6-module-qtqml-models
        # What InspectorOverlay shows itself with.
        RECOMMENDS qml6-module-qtquick qml6-module-qtquick-controls qml6-module-qtquick-layouts
            qml6-module-qtquick-templates qml6-module-qtquick-window qml6-module-qtqml-workerscript
        COMPONENTS ${needed})
endif()

if(DISPATCH_BUILD_SERVER)
    dispatch_debian_package(dispatchd dispatchd
        SECTION net
        SUMMARY "server for real-time rooms"
        TEXT "${about}\nThis is the server. It listens on this machine alone, until told otherwise."
        DEPENDS "systemd | systemd-standalone-sysusers" "init-system-helpers (>= 1.54~)" procps
        COMPONENTS server
        CONTROL ${control}/conffiles ${control}/postinst ${control}/prerm ${control}/postrm)
endif()
if(DISPATCH_BUILD_TOOLS)
    dispatch_debian_package(dispatchctl dispatchctl
        SECTION net
        SUMMARY "talk to a server for real-time rooms from a terminal"
        TEXT "${about}\nThis listens, emits, looks who is there, makes tokens and finds faults."
        COMPONENTS client)
endif()

include(CPack)
