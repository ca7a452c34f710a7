#include "reach/rows.h"

namespace slabhound::reach {

std::vector<ledger::ReachedCell> RowsOf(const Reach& reach) {
  std::vector<ledger::ReachedCell> rows;
  reach.ForEach([&rows](const Cell& cell, State state, uint64_t cases) {
    rows.push_back(
        {InstructionName(cell.instruction), TypeName(cell), std::string(StateName(state)), cases});
  });
  return rows;
}

Result<Reach, FileError> ReadReach(const ledger::Database& database) {
  Reach reach;
  const auto read = database.Look([&reach](SQLite::Database& connection) {
    SQLite::Statement rows(
        connection, "SELECT instruction, type, state, sum(cases) FROM reach GROUP BY 1, 2, 3");
    while (rows.executeStep()) {
      const auto cell = FindCell(rows.getColumn(0).getString(), rows.getColumn(1).getString());
      const auto state = FindState(rows.getColumn(2).getString());
      if (cell && state) {
        reach.Add(*cell, *state, static_cast<uint64_t>(rows.getColumn(3).getInt64()));
      }
    }
  });
  TRY(read);
  return reach;
}

}  // namespace slabhound::reach
