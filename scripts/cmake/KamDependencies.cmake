# Every third-party library, found in one place. Versions are Debian 12's; scripts/setup installs them.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)  # CMake's own module: Debian ships no config
find_package(absl CONFIG REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED COMPONENTS core pull)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(Boost REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(OpenSSL REQUIRED)
find_program(KAM_GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)

# RE2, NLopt and SOCI ship no usable CMake config in Debian.
find_library(KAM_RE2_LIBRARY re2 REQUIRED)
add_library(kam_re2 INTERFACE)
target_link_libraries(kam_re2 INTERFACE ${KAM_RE2_LIBRARY})

find_library(KAM_NLOPT_LIBRARY nlopt_cxx REQUIRED)
find_path(KAM_NLOPT_INCLUDE nlopt.hpp REQUIRED)
add_library(kam_nlopt INTERFACE)
target_link_libraries(kam_nlopt INTERFACE ${KAM_NLOPT_LIBRARY})
target_include_directories(kam_nlopt SYSTEM INTERFACE ${KAM_NLOPT_INCLUDE})

find_library(KAM_SOCI_CORE_LIBRARY soci_core REQUIRED)
find_library(KAM_SOCI_POSTGRESQL_LIBRARY soci_postgresql REQUIRED)
find_path(KAM_SOCI_INCLUDE soci/soci.h REQUIRED)
find_path(KAM_LIBPQ_INCLUDE libpq-fe.h PATH_SUFFIXES postgresql REQUIRED)
add_library(kam_soci INTERFACE)
target_link_libraries(kam_soci INTERFACE ${KAM_SOCI_POSTGRESQL_LIBRARY} ${KAM_SOCI_CORE_LIBRARY}
                                         PostgreSQL::PostgreSQL ${CMAKE_DL_LIBS})
# Both <soci/soci.h> and <soci.h> work; soci-postgresql.h itself includes <libpq-fe.h>.
target_include_directories(kam_soci SYSTEM INTERFACE ${KAM_SOCI_INCLUDE} ${KAM_SOCI_INCLUDE}/soci
                                                     ${KAM_LIBPQ_INCLUDE})
