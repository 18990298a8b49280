# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
# All that is known about building and packaging a QML module, in one place.

# dispatch_add_qml_module(Dispatch<Name>
#     URI <uri>
#     SOURCES <file>...
#     [QML_FILES <file>...]         flat in the folder
#     [SINGLETONS <file>...]        which of these are singletons
#     DEPENDENCIES <uri>...         modules whose types are used
#     LIBRARIES <target>...)
#
# Makes a QML module of one library, which is its plugin, too, and the install rules. Dispatch::<Name>
# is what a program links that imports it: with static libraries that is the module, with the
# registration of its types and its resources; else the module is loaded when it is imported, and
# linking makes sure that it is built.
function(dispatch_add_qml_module target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "URI"
        "SOURCES;QML_FILES;SINGLETONS;DEPENDENCIES;LIBRARIES")
    set_source_files_properties(${arg_SINGLETONS} PROPERTIES QT_QML_SINGLETON_TYPE TRUE)
    set(qml_options "")
    if(arg_QML_FILES)
        # Generated code would take longer to build than it saves, and does not pass our warnings.
        set(qml_options NO_CACHEGEN
            IMPORT_PATH ${QT_QML_OUTPUT_DIRECTORY} QML_FILES ${arg_QML_FILES})
        # As a part of another project that does not say where its modules are.
        if(NOT QT_QML_OUTPUT_DIRECTORY)
            string(REPLACE "." "/" folder ${arg_URI})
            list(APPEND qml_options OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/qml/${folder})
        endif()
    endif()
    if(BUILD_SHARED_LIBS)
        set(type SHARED)
    else()
        set(type STATIC)
    endif()
    qt_add_qml_module(${target}
        ${type}
        URI ${arg_URI}
        VERSION 0.1
        PLUGIN_TARGET ${target}
        NO_PLUGIN_OPTIONAL
        RESOURCE_PREFIX /qt/qml
        DEPENDENCIES ${arg_DEPENDENCIES}
        SOURCES ${arg_SOURCES}
        ${qml_options}
        OUTPUT_TARGETS parts)
    dispatch_configure_target(${target})
    target_link_libraries(${target} PRIVATE ${arg_LIBRARIES})
    set_property(GLOBAL APPEND PROPERTY DISPATCH_QML_MODULES ${target})

    qt_query_qml_module(${target} TARGET_PATH path QMLDIR qmldir TYPEINFO typeinfo)
    set(destination ${CMAKE_INSTALL_LIBDIR}/qt6/qml/${path})
    if(BUILD_SHARED_LIBS)
        # From there to the libraries, wherever that is by then.
        string(REGEX REPLACE "[^/]+" ".." up ${path})
        set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN/${up}/../..")
        install(TARGETS ${target}
            LIBRARY DESTINATION ${destination} COMPONENT qml
            RUNTIME DESTINATION ${destination} COMPONENT qml)
        set(linked ${target}Import)
        add_library(${linked} INTERFACE)
        add_dependencies(${linked} ${target})
        set(parts "")
    else()
        set(linked ${target})
    endif()
    string(REGEX REPLACE "^Dispatch" "" name ${target})
    set_target_properties(${linked} PROPERTIES EXPORT_NAME ${name})
    add_library(Dispatch::${name} ALIAS ${linked})
    install(TARGETS ${linked} ${parts} EXPORT DispatchTargets
        ARCHIVE DESTINATION ${destination} COMPONENT development
        OBJECTS DESTINATION ${destination} COMPONENT development)
    install(FILES ${qmldir} ${typeinfo} ${arg_QML_FILES}
        DESTINATION ${destination} COMPONENT qml)
endfunction()
