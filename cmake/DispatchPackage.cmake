# SPDX-License-Identifier: MIT
# The CMake package: find_package(Dispatch) gives Dispatch::Client and, where built, Dispatch::Server.

include(CMakePackageConfigHelpers)

set(DISPATCH_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/Dispatch)
install(EXPORT DispatchTargets NAMESPACE Dispatch:: DESTINATION ${DISPATCH_PACKAGE_DIR})
configure_package_config_file(
    ${CMAKE_CURRENT_LIST_DIR}/DispatchConfig.cmake.in
    ${CMAKE_CURRENT_BINARY_DIR}/DispatchConfig.cmake
    INSTALL_DESTINATION ${DISPATCH_PACKAGE_DIR})
write_basic_package_version_file(
    ${CMAKE_CURRENT_BINARY_DIR}/DispatchConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/DispatchConfig.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/DispatchConfigVersion.cmake
    DESTINATION ${DISPATCH_PACKAGE_DIR})
