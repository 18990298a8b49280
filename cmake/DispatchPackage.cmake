# SPDX-License-Identifier: MIT
# The CMake package: find_package(Dispatch) gives Dispatch::Client and, where built, Dispatch::Server.

include(CMakePackageConfigHelpers)

set(DISPATCH_QT_VERSION 6.4)
set(DISPATCH_INSTALL_PACKAGEDIR ${CMAKE_INSTALL_LIBDIR}/cmake/Dispatch)
set(DISPATCH_INSTALL_QMLDIR ${CMAKE_INSTALL_LIBDIR}/qt6/qml)
install(EXPORT DispatchTargets NAMESPACE Dispatch:: DESTINATION ${DISPATCH_INSTALL_PACKAGEDIR} COMPONENT development)
configure_package_config_file(
    ${CMAKE_CURRENT_LIST_DIR}/DispatchConfig.cmake.in
    ${CMAKE_CURRENT_BINARY_DIR}/DispatchConfig.cmake
    INSTALL_DESTINATION ${DISPATCH_INSTALL_PACKAGEDIR}
    PATH_VARS DISPATCH_INSTALL_QMLDIR)
write_basic_package_version_file(
    ${CMAKE_CURRENT_BINARY_DIR}/DispatchConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/DispatchConfig.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/DispatchConfigVersion.cmake
    DESTINATION ${DISPATCH_INSTALL_PACKAGEDIR} COMPONENT development)
