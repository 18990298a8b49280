# SPDX-License-Identifier: MIT
# All that is known about building and packaging a Dispatch library, in one place.

include(DispatchPkgConfig)
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
#     SUMMARY <text>                what packages say of it, in a few words
#     SOURCES <file>...             .cpp files and private headers (_p.h)
#     HEADERS <file>...             public headers, installed flat into include/Dispatch
#     CLASSES <Class>...            forwarding headers: <Class> includes <class>.h
#     PUBLIC_LIBRARIES <target>...
#     PRIVATE_LIBRARIES <target>...)
#
# Makes the target Dispatch<Name>, its alias Dispatch::<Name>, the export header
# dispatch<name>_export.h, the pkg-config file dispatch-<name>.pc, and the install rules: the
# library is the component <name>, what one builds with is in the component 'development'.
function(dispatch_add_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "SUMMARY" "SOURCES;HEADERS;CLASSES;PUBLIC_LIBRARIES;PRIVATE_LIBRARIES")
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

    if(NOT BUILD_SHARED_LIBS)
        target_compile_definitions(${target} PUBLIC DISPATCH_${upper}_STATIC_DEFINE)
    endif()

    set_property(GLOBAL APPEND PROPERTY DISPATCH_LIBRARIES ${name})
    set_property(GLOBAL PROPERTY DISPATCH_${upper}_SUMMARY "${arg_SUMMARY}")
    install(TARGETS ${target} EXPORT DispatchTargets
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${lower}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${lower}
            NAMELINK_COMPONENT development
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
    install(FILES ${arg_HEADERS} ${headers}
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/Dispatch COMPONENT development)
    dispatch_install_pkgconfig(${name} SUMMARY "${arg_SUMMARY}"
        PUBLIC_LIBRARIES ${arg_PUBLIC_LIBRARIES}
        PRIVATE_LIBRARIES ${arg_PRIVATE_LIBRARIES})
endfunction()

# A library that only others of this project use. What is static has to be there for whoever links
# those.
function(dispatch_install_helper target)
    if(NOT BUILD_SHARED_LIBS)
        install(TARGETS ${target} EXPORT DispatchTargets
            ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
    endif()
endfunction()
