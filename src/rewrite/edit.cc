#include "rewrite/edit.h"

#include <algorithm>
#include <tuple>

#include "base/check.h"
#include "rewrite/references.h"

namespace slabhound::rewrite {
namespace {

wasm::Body Edited(const wasm::Body& body, const Edit* first, const Edit* end) {
  wasm::Body edited;
  edited.labels = body.labels;
  edited.types = body.types;
  edited.catches = body.catches;
  uint32_t at = 0;
  const auto keep = [&](uint32_t to) {
    edited.code.insert(edited.code.end(), body.code.begin() + at, body.code.begin() + to);
  };
  for (; first != end; ++first) {
    CHECK(first->range.first >= at && first->range.end <= body.code.size());
    keep(first->range.first);
    edited.code.insert(edited.code.end(), first->with.begin(), first->with.end());
    at = first->range.end;
  }
  keep(static_cast<uint32_t>(body.code.size()));
  return Tidy(edited);
}

}  // namespace

wasm::Module ApplyEdits(wasm::Module module, const std::vector<Edit>& edits) {
  for (size_t i = 0; i < edits.size();) {
    size_t end = i;
    while (end < edits.size() && edits[end].function == edits[i].function) ++end;
    wasm::Body& body = module.functions[edits[i].function].body;
    body = Edited(body, &edits[i], edits.data() + end);
    i = end;
  }
  return module;
}

std::vector<Edit> Outermost(std::vector<Edit> edits) {
  std::ranges::sort(edits, {}, [](const Edit& edit) {
    return std::tuple(edit.function, edit.range.first, -static_cast<int64_t>(edit.range.end));
  });
  std::vector<Edit> outer;
  for (Edit& edit : edits) {
    const bool inside = !outer.empty() && outer.back().function == edit.function &&
                        edit.range.first < outer.back().range.end;
    if (!inside) outer.push_back(std::move(edit));
  }
  return outer;
}

}  // namespace slabhound::rewrite
