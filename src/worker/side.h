// The other side of the protocol (protocol.h): frames for workers written in C++, on machines of
// little-endian order. It needs nothing but nlohmann-json, so that a worker may be compiled alone.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace slabhound::worker::side {

using Json = nlohmann::json;

inline constexpr size_t kFrameBytesMax = 64u << 20;

// Ends the process at the end of input.
inline std::vector<uint8_t> ReadFrame() {
  uint32_t size = 0;
  if (std::fread(&size, sizeof size, 1, stdin) != 1) std::exit(0);
  if (size > kFrameBytesMax) std::exit(1);
  std::vector<uint8_t> frame(size);
  if (size != 0 && std::fread(frame.data(), size, 1, stdin) != 1) std::exit(0);
  return frame;
}

// The next request; what is no JSON ends the process.
inline Json ReadRequest() {
  Json request = Json::parse(ReadFrame(), nullptr, /*allow_exceptions=*/false);
  if (request.is_object()) return request;
  std::fprintf(stderr, "worker: a request that is no JSON object\n");
  std::exit(1);
}

inline void WriteFrame(const void* payload, size_t bytes) {
  const uint32_t size = static_cast<uint32_t>(bytes);
  std::fwrite(&size, sizeof size, 1, stdout);
  std::fwrite(payload, 1, bytes, stdout);
}

// `census`: what it counts; nullptr: it cannot.
inline void WriteHello(const char* engine, std::string_view version, Json collections,
                       const char* census = nullptr) {
  Json capabilities = {{"gc", std::move(collections)}, {"progress", true}};
  if (census != nullptr) capabilities["census"] = census;
  const Json hello = {{"protocol", 2},
                      {"engine", engine},
                      {"version", version},
                      {"capabilities", std::move(capabilities)}};
  const std::string text = hello.dump();
  WriteFrame(text.data(), text.size());
  std::fflush(stdout);
}

// Where the run is, if the request asks for that.
inline void WriteProgress(const Json& request, std::string_view place) {
  if (!request.value("progress", false)) return;
  const std::string text = Json{{"id", request.at("id")}, {"at", place}}.dump();
  WriteFrame(text.data(), text.size());
  std::fflush(stdout);
}

// An answer and the logs of its steps, one behind the other.
inline void WriteAnswer(const Json& answer, std::span<const uint64_t> logs) {
  // Messages may quote bytes of the module that are no text.
  const std::string text = answer.dump(-1, ' ', false, Json::error_handler_t::replace);
  WriteFrame(text.data(), text.size());
  WriteFrame(logs.data(), logs.size_bytes());
  std::fflush(stdout);
}

// What this process holds in memory now; 0 if that cannot be told.
inline size_t MemoryBytes() {
  unsigned long total = 0, resident = 0;
  FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  const int got = std::fscanf(file, "%lu %lu", &total, &resident);
  std::fclose(file);
  return got == 2 ? resident * 4096 : 0;
}

}  // namespace slabhound::worker::side
