# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
# What the examples in QML have in common. Each also configures alone, against an installed Dispatch.

find_package(Qt6 6.4 REQUIRED COMPONENTS Network Quick QuickControls2)
if(PROJECT_IS_TOP_LEVEL)
    find_package(Dispatch REQUIRED)
    set(CMAKE_CXX_STANDARD 20)
    set(CMAKE_CXX_STANDARD_REQUIRED ON)
    qt_standard_project_setup()
    if(COMMAND qt_policy)
        qt_policy(SET QTP0001 NEW)
    endif()
    set(QT_QML_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/qml)
    set(DISPATCH_EXAMPLES_IMPORT_PATH ${Dispatch_QML_IMPORT_PATH})
else()
    set(DISPATCH_EXAMPLES_IMPORT_PATH ${QT_QML_OUTPUT_DIRECTORY})
endif()
if(NOT TARGET ExampleKit)
    add_subdirectory(${CMAKE_CURRENT_LIST_DIR} shared)
endif()

# dispatch_add_qml_example(<name> URI <uri> SOURCES <file>... QML_FILES <file>...
#     [RESOURCES <file>...] [LIBRARIES <target>...])
# A program <name> with the QML module <uri>.
function(dispatch_add_qml_example name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "URI" "SOURCES;QML_FILES;RESOURCES;LIBRARIES")
    qt_add_executable(${name} ${arg_SOURCES})
    qt_add_qml_module(${name}
        URI ${arg_URI}
        VERSION 1.0
        RESOURCE_PREFIX /qt/qml
        # Generated code would take longer to build than it saves, and does not pass our warnings.
        NO_CACHEGEN
        IMPORT_PATH ${DISPATCH_EXAMPLES_IMPORT_PATH} ${QT_QML_OUTPUT_DIRECTORY}
        DEPENDENCIES QtQuick
        QML_FILES ${arg_QML_FILES}
        RESOURCES ${arg_RESOURCES})
    target_compile_features(${name} PRIVATE cxx_std_20)
    target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE ExampleKit ${arg_LIBRARIES})
    if(NOT PROJECT_IS_TOP_LEVEL)
        dispatch_configure_target(${name})
        # The module is loaded when the program runs, but has to be there by then.
        add_dependencies(${name} DispatchQml)
    endif()
endfunction()
