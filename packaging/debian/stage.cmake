# SPDX-FileCopyrightText: 2026 The Dispatch authors
# SPDX-License-Identifier: MIT
# What a Debian package has beside what is installed elsewhere. CPack runs this when all components
# have been laid out, and before they are packed.
cmake_minimum_required(VERSION 3.22)

set(source ${CMAKE_CURRENT_LIST_DIR}/../..)
set(version ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # of SOURCE_DATE_EPOCH if that is set

function(compress file)
    execute_process(COMMAND gzip -9 --no-name --force ${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

foreach(component IN LISTS CPACK_COMPONENTS_ALL)
    string(TOUPPER ${component} upper)
    set(package ${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
    set(root ${CPACK_TEMPORARY_DIRECTORY}/${component})
    set(doc ${root}/usr/share/doc/${package})

    configure_file(${source}/LICENSE ${root}/license COPYONLY)
    file(READ ${root}/license license)
    file(REMOVE ${root}/license)
    string(REGEX REPLACE "\n\n" "\n.\n" license "${license}")
    string(REGEX REPLACE "\n([^\n])" "\n \\1" license "${license}")
    file(WRITE ${doc}/copyright
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: Dispatch\n\n"
        "Files: *\nCopyright: 2026 The Dispatch authors\nLicense: Expat\n ${license}")
    file(COPY_FILE ${source}/CHANGELOG.md ${doc}/changelog)
    file(WRITE ${doc}/changelog.Debian
        "dispatch (${version}) unstable; urgency=medium\n\n"
        "  * Version ${CPACK_PACKAGE_VERSION}; see changelog.gz.\n\n"
        " -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
    compress(${doc}/changelog)
    compress(${doc}/changelog.Debian)

    file(GLOB pages ${root}/usr/share/man/man*/*.[0-9])
    foreach(page IN LISTS pages)
        compress(${page})
    endforeach()
endforeach()

set(root ${CPACK_TEMPORARY_DIRECTORY}/dispatchd)
file(GLOB sample ${root}/usr/share/doc/*/examples/dispatchd.toml)
if(sample)
    file(COPY ${sample} DESTINATION ${root}/etc/dispatchd)
    file(REMOVE_RECURSE ${root}/usr/share/doc/Dispatch)
endif()
