# unpress_dnn: detectors and segmenters by OpenCV's DNN module. Only `unpress lab downstream` needs it, so it is built where OpenCV is
# (Debian: libopencv-dnn-dev) and left out elsewhere. Debian's CMake files for OpenCV come with a far larger package: hence by hand.
find_path(OPENCV_INCLUDE opencv2/dnn.hpp PATH_SUFFIXES opencv4)
find_library(OPENCV_DNN opencv_dnn)
find_library(OPENCV_CORE opencv_core)
if(OPENCV_INCLUDE AND OPENCV_DNN AND OPENCV_CORE)
  add_library(unpress_dnn SHARED dnn_bridge.cpp)
  target_include_directories(unpress_dnn SYSTEM PRIVATE ${OPENCV_INCLUDE})
  target_compile_options(unpress_dnn PRIVATE -Wall -Wextra -Werror)
  target_link_libraries(unpress_dnn PRIVATE ${OPENCV_DNN} ${OPENCV_CORE})
else()
  message(STATUS "no OpenCV: unpress_dnn is left out")
endif()
