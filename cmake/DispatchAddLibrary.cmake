# SPDX-License-Identifier: MIT
# All that is known about building and packaging a Dispatch library, in one place.

include(GenerateExportHeader)

# Warnings and sanitizers for any target of this project.
function(dispatch_configure_target target)
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_compile_definitions(${target} PRIVATE
        QT_NO_KEYWORDS QT_NO_CAST_TO_ASCII QT_NO_CONTEXTLESS_CONNECT
        QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_STRICT_ITERATORS
        QT_DISABLE_DEPRECATED_BEFORE=0x060400)
    if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
        target_compile_options(${target} PRIVATE
            -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
            $<$<BOOL:${DISPATCH_WARNINGS_AS_ERRORS}>:-Werror>)
    endif()
    if(DISPATCH_SANITIZE)
        target_compile_options(${target} PRIVATE
            -fsanitize=${DISPATCH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
        # It opens a pipe to look at memory, and calls an object bad where no file is left to open.
        if(DISPATCH_SANITIZE MATCHES "undefined")
            target_compile_options(${target} PRIVATE -fno-sanitize=vptr)
        endif()
        target_link_options(${target} PRIVATE -fsanitize=${DISPATCH_SANITIZE})
    endif()
endfunction()

# dispatch_add_library(<Name>
#     SOURCES <file>...             .cpp files and private headers (_p.h)
#     HEADERS <file>...             public headers, installed flat into include/Dispatch
#     CLASSES <Class>...            forwarding headers: <Class> includes <class>.h
#     PUBLIC_LIBRARIES <target>...
#     PRIVATE_LIBRARIES <target>...)
#
# Makes the target Dispatch<Name>, its alias Dispatch::<Name>, the export header
# dispatch<name>_export.h, and the install rules.
function(dispatch_add_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;CLASSES;PUBLIC_LIBRARIES;PRIVATE_LIBRARIES")
    set(target Dispatch${name})
    string(TOLOWER ${name} lower)
    string(TOUPPER ${name} upper)
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/include)

    add_library(${target} ${arg_SOURCES} ${arg_HEADERS})
    add_library(Dispatch::${name} ALIAS ${target})
    set_target_properties(${target} PROPERTIES
        AUTOMOC ON
        EXPORT_NAME ${name}
        VERSION ${PROJECT_VERSION}
        SOVERSION ${PROJECT_VERSION_MAJOR})
    dispatch_configure_target(${target})
    # The QML module's type description tells of the libraries' types too. Without it they are
    # extracted all the same: moc does not run again when the module is asked for later.
    qt_extract_metatypes(${target})

    generate_export_header(${target}
        BASE_NAME DISPATCH_${upper}
        EXPORT_FILE_NAME ${generated}/dispatch${lower}_export.h)
    set(headers ${generated}/dispatch${lower}_export.h)
    foreach(class IN LISTS arg_CLASSES)
        string(TOLOWER ${class} file)
        file(CONFIGURE OUTPUT ${generated}/${class} CONTENT "#include \"${file}.h\" // IWYU pragma: export\n")
        list(APPEND headers ${generated}/${class})
    endforeach()

    target_include_directories(${target} PUBLIC
        $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>
        $<BUILD_INTERFACE:${generated}>
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/Dispatch>)
    target_link_libraries(${target}
        PUBLIC ${arg_PUBLIC_LIBRARIES}
        PRIVATE ${arg_PRIVATE_LIBRARIES})

    install(TARGETS ${target} EXPORT DispatchTargets
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(FILES ${arg_HEADERS} ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/Dispatch)
endfunction()

# dispatch_add_qml_module(<target>
#     URI <uri>
#     SOURCES <file>...
#     DEPENDENCIES <uri>...         modules whose types are used
#     LIBRARIES <target>...)
#
# Makes a QML module of one library, which is its plugin, too, and the install rules.
function(dispatch_add_qml_module target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "URI" "SOURCES;DEPENDENCIES;LIBRARIES")
    qt_add_qml_module(${target}
        SHARED
        URI ${arg_URI}
        VERSION 0.1
        PLUGIN_TARGET ${target}
        NO_PLUGIN_OPTIONAL
        RESOURCE_PREFIX /qt/qml
        DEPENDENCIES ${arg_DEPENDENCIES}
        SOURCES ${arg_SOURCES})
    dispatch_configure_target(${target})
    target_link_libraries(${target} PRIVATE ${arg_LIBRARIES})

    qt_query_qml_module(${target}
        TARGET_PATH path
        QMLDIR qmldir
        TYPEINFO typeinfo)
    set(destination ${CMAKE_INSTALL_LIBDIR}/qt6/qml/${path})
    # From <libdir>/qt6/qml/<path> to <libdir>, wherever that is by then.
    string(REGEX REPLACE "[^/]+" ".." up ${path})
    set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN/${up}/../..")
    install(TARGETS ${target}
        LIBRARY DESTINATION ${destination}
        RUNTIME DESTINATION ${destination})
    install(FILES ${qmldir} ${typeinfo} DESTINATION ${destination})
endfunction()
