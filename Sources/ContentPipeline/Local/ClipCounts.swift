internal import Domain
internal import Synchronization

/// What the producers of one run have done and what each does next.
///
/// Thread rule: producers call it from their own threads.
final class ClipCounts: Sendable {
    private struct State {
        var partition: ClipPartition
        /// For each clip what was learnt by making it; `nil` until it is done.
        var facts: [ClipFacts?]
        /// For each producer the frames of its unfinished clip.
        var framesUnderWay: [Int]
        var framesDone = 0
        var clipsDone = 0
    }

    private let frameCount: Int
    private let state: Mutex<State>

    init(of plan: SamplingPlan, producerCount: Int) {
        self.frameCount = plan.kept.count
        self.state = Mutex(
            State(
                partition: ClipPartition(clipCount: plan.clipCount, producerCount: producerCount),
                facts: Array(repeating: nil, count: plan.clipCount),
                framesUnderWay: Array(repeating: 0, count: producerCount)))
    }

    func nextClip(for producer: Int) -> Int? { self.state.withLock { $0.partition.next(for: producer) } }

    /// Records how much of its present clip a producer has written.
    func record(frames: Int, by producer: Int) -> JobProgress {
        self.state.withLock { state in
            state.framesUnderWay[producer] = frames
            return self.progress(state)
        }
    }

    /// Records that a producer's present clip is done.
    func finish(_ clip: ClipPlan, _ facts: ClipFacts, by producer: Int) -> JobProgress {
        self.state.withLock { state in
            state.facts[clip.index] = facts
            state.framesUnderWay[producer] = 0
            state.framesDone += clip.frameCount
            state.clipsDone += 1
            return self.progress(state)
        }
    }

    /// What was learnt of each clip, by its index; `nil` for those that are not done.
    var facts: [ClipFacts?] { self.state.withLock { $0.facts } }

    /// Indices of the clips that are done.
    var finishedClips: [Int] { self.facts.enumerated().compactMap { $1 == nil ? nil : $0 } }

    private func progress(_ state: State) -> JobProgress {
        JobProgress(
            partsDone: state.clipsDone, partCount: state.facts.count,
            framesDone: state.framesDone + state.framesUnderWay.reduce(0, +), frameCount: self.frameCount)
    }
}
