# unpress_torch: torch_bridge.h against any libtorch, Debian's 1.13 or newer, CPU or CUDA.
# A libtorch elsewhere: -DCMAKE_PREFIX_PATH=/path/to/libtorch
find_package(Torch REQUIRED)
add_library(unpress_torch SHARED torch_autograd.cpp torch_distributed.cpp torch_generator.cpp torch_memory.cpp torch_operator.cpp torch_runtime.cpp torch_tensor.cpp)
target_link_libraries(unpress_torch PRIVATE ${TORCH_LIBRARIES})
if(Torch_VERSION VERSION_GREATER_EQUAL 2.9)
  set_target_properties(unpress_torch PROPERTIES CXX_STANDARD 20)
endif()
# Trainings by several processes need the headers of the Gloo that is in this libtorch: on Debian those of libgloo-dev.
find_path(UT_GLOO gloo/algorithm.h PATHS ${TORCH_INCLUDE_DIRS} NO_DEFAULT_PATH)
if(UT_GLOO)
  target_compile_definitions(unpress_torch PRIVATE USE_C10D_GLOO)
  target_include_directories(unpress_torch PRIVATE ${UT_GLOO})
endif()
# Memory figures of a card need the CUDA headers; everything else goes through the dispatcher.
if(TARGET torch_cuda)
  find_package(CUDAToolkit)
  if(CUDAToolkit_FOUND)
    target_compile_definitions(unpress_torch PRIVATE UT_WITH_CUDA)
    target_link_libraries(unpress_torch PRIVATE CUDA::cudart)
  endif()
endif()
