find_package(PkgConfig REQUIRED)
pkg_check_modules(VIPS REQUIRED IMPORTED_TARGET vips>=8.14)
pkg_check_modules(JPEG REQUIRED IMPORTED_TARGET libjpeg)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp)

add_library(unpress_image SHARED 
  image_bridge.cpp image_jpeg.cpp jpeg_session.cpp image_vips.cpp image_vips_save.cpp vips_session.cpp image_webp.cpp
  image_info.cpp)
# Clobbered: gcc suspects every local near setjmp; ours are never changed after it.
target_compile_options(unpress_image PRIVATE -Wall -Wextra -Werror -Wno-clobbered)
target_link_libraries(unpress_image PRIVATE PkgConfig::VIPS PkgConfig::JPEG PkgConfig::WEBP)
