import Domain
import Foundation
import Testing

/// Runs are written as a letter, `m` for a producer and `a` for annotations, and how they ended: `o` long ago, `r`
/// recently, `-` not yet.
@Suite struct RunHistoryTests {
    static let cutoff = Date(timeIntervalSince1970: 1_000_000)

    @Test(
        arguments: [
            // What goes, by run numbers, with an upload that is complete and with one that is not.
            ("mo", [1], []),
            ("mr", [], []),
            ("m-", [], []),
            ("mo ao", [2, 1], []),
            ("mo ar", [], []),
            ("mo a-", [], []),
            ("mo mo", [1, 2], [1]),
            ("mo mo ao", [1, 3, 2], [1]),
            ("mo ao mo", [1, 2, 3], [1, 2]),
            ("mo mr", [], []),
            ("mo m-", [], []),
            // Annotations of tasks that the replaced system made.
            ("ao ao", [2, 1], []),
            ("", [], []),
        ] as [(String, [Int], [Int])])
    func nothingGoesThatARepeatedRequestNeeds(runs: String, whenComplete: [Int], otherwise: [Int]) {
        let history = RunHistory(
            runs.split(separator: " ").enumerated().map { index, run in
                let ends = ["o": Self.cutoff - 1, "r": Self.cutoff + 1]
                return RunHistory.Run(
                    id: ObjectID(seconds: 1, unique: UInt64(index)), number: index + 1, makesTasks: run.first == "m",
                    endedAt: ends[String(run.dropFirst())])
            }.reversed())
        #expect(history.forgettable(before: Self.cutoff, isComplete: true).map(\.number) == whenComplete)
        #expect(history.forgettable(before: Self.cutoff, isComplete: false).map(\.number) == otherwise)
    }
}
