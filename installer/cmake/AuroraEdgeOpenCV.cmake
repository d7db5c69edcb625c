# opencv::opencv: core, imgproc, imgcodecs and videoio by name. ${OpenCV_LIBS} would also link opencv_dnn, whose
# protobuf clashes with the one inside sentencepiece and ends the program before main.
find_path(OPENCV_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
add_library(opencv_modules INTERFACE)
add_library(opencv::opencv ALIAS opencv_modules)
target_include_directories(opencv_modules SYSTEM INTERFACE "${OPENCV_INCLUDE_DIR}")
foreach(module IN ITEMS core imgproc imgcodecs videoio)
  find_library(OPENCV_${module}_LIBRARY opencv_${module} REQUIRED)
  target_link_libraries(opencv_modules INTERFACE "${OPENCV_${module}_LIBRARY}")
endforeach()
