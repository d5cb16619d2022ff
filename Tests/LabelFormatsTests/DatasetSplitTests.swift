import Testing

@testable import Domain
@testable import LabelFormats

/// Splits of versions with few videos: training is never empty without a word.
@Suite struct DatasetSplitTests {
    static let shares = [
        SplitShare(split: .training, imageCount: 0, percentage: 70),
        SplitShare(split: .validation, imageCount: 0, percentage: 20),
        SplitShare(split: .testing, imageCount: 0, percentage: 10),
    ]

    /// A thousand versions of one to three videos.
    @Test(arguments: 1...3) func trainingHasSomethingHoweverFewVideosThereAre(count: Int) {
        for version in 0..<1000 {
            let names = (0..<count).map { "video \(version) \($0)" }
            let assignment = SplitAssignment(Self.shares)
            let name = assignment.nameForTraining(among: names, decided: [])
            let splits = names.map { SplitAssignment(Self.shares, trainingName: name).split(of: $0) }
            #expect(splits.contains(.training))
            // The others stay where their hash puts them.
            #expect(zip(names, splits).allSatisfy { $0 == name || assignment.split(of: $0) == $1 })
        }
    }

    @Test func nothingIsMovedWhereTrainingHasSomethingOrIsNotWanted() {
        let validationAlone = [SplitShare(split: .validation, imageCount: 0, percentage: 100)]
        let assignment = SplitAssignment(Self.shares)
        let outside = (0..<100).map { "video \($0)" }.filter { assignment.split(of: $0) != .training }
        #expect(assignment.nameForTraining(among: outside, decided: [.training]) == nil)
        #expect(assignment.nameForTraining(among: [], decided: []) == nil)
        #expect(SplitAssignment(validationAlone).nameForTraining(among: outside, decided: []) == nil)
        #expect(SplitAssignment([]).nameForTraining(among: outside, decided: []) == nil)
        #expect(assignment.nameForTraining(among: outside, decided: [.validation]) != nil)
    }

    struct Version: Sendable {
        let counts: [DatasetSplit: Int]
        let shares: [SplitShare]
        var unit = SplitUnit.video
        let problems: [String]
    }

    static let versions = [
        Version(counts: [.training: 72, .validation: 18, .testing: 10], shares: shares, problems: []),
        Version(counts: [:], shares: shares, problems: []),
        Version(
            counts: [.training: 90], shares: shares,
            problems: [
                "The split train has 100 % of the pictures instead of 70 %: all pictures of a video stay in one split.",
                "No picture is in the split val, which was to have 20 %: there are too few videos.",
                "No picture is in the split test, which was to have 10 %: there are too few videos.",
            ]),
        Version(
            counts: [.training: 1], shares: [], unit: .frame,
            problems: ["No picture is in the split val: in the form YOLO, validation uses the pictures of train."]),
        Version(
            counts: [.training: 1, .testing: 1], shares: [],
            problems: ["No picture is in the split val: in the form YOLO, validation uses the pictures of test."]),
        Version(
            counts: [.validation: 5], shares: [],
            problems: ["No picture is in the split train, so nothing can be trained with this version."]),
    ]

    @Test(arguments: versions) func sharesThatAreNotKeptAreNamed(_ version: Version) {
        var report = SplitReport()
        for (split, count) in version.counts { report.add(count, to: split) }
        #expect(report.problems(shares: version.shares, unit: version.unit) == version.problems)
    }

    struct Present: Sendable {
        let splits: [DatasetSplit]
        let lines: [String]
    }

    static let present = [
        Present(splits: [.training, .validation], lines: ["train: images/train", "val: images/val", "names:"]),
        Present(
            splits: [.training],
            lines: [
                "# The split val has no pictures; val takes those of train.", "train: images/train",
                "val: images/train", "names:",
            ]),
        Present(
            splits: [.training, .testing],
            lines: [
                "# The split val has no pictures; val takes those of test.", "train: images/train",
                "val: images/test", "test: images/test", "names:",
            ]),
        Present(
            splits: [.validation, .testing],
            lines: [
                "# The split train has no pictures; train takes those of val.", "train: images/val",
                "val: images/val", "test: images/test", "names:",
            ]),
    ]

    @Test(arguments: present) func ultralyticsNeverValidatesOnTrainingWithoutAWord(_ present: Present) {
        var writer = UltralyticsWriter(classes: ClassList(entries: [], labels: []))
        for split in present.splits { _ = writer.add(Self.image(split), pass: 0) }
        let text = writer.end(pass: 0).first { $0.path == "data.yaml" }?.text
        #expect(text?.split(separator: "\n").map(String.init) == present.lines)
    }

    /// A task whose frames are spread over splits has a whole sequence in each.
    @Test func everySequenceOfMOTHasItsDescriptionOnce() {
        var writer = MOTWriter(classes: ClassList(entries: [], labels: []))
        var fragments: [FileFragment] = []
        for task in 1...2 as ClosedRange<UInt64> {
            for frame in 1...6 {
                let split: DatasetSplit = frame % 2 == 0 ? .validation : .training
                fragments += writer.add(Self.image(split, task: task, frame: frame), pass: 0)
            }
        }
        fragments += writer.end(pass: 0)
        let descriptions = fragments.filter { $0.path.hasSuffix("seqinfo.ini") }
        #expect(Set(descriptions.map(\.path)).count == 4)
        #expect(descriptions.count == 4)
        let lengths = descriptions.map { $0.text.split(separator: "\n").first { $0.hasPrefix("seqLength=") } }
        #expect(lengths == ["seqLength=3", "seqLength=3", "seqLength=3", "seqLength=3"])
    }

    private static func image(_ split: DatasetSplit, task: UInt64 = 2, frame: Int = 1) -> DatasetImage {
        let id = ObjectID(seconds: 1, unique: task)
        let labels = FrameLabels(
            [], classes: ClassList(entries: [], labels: []), canvas: Canvas(width: 10, height: 10))
        return DatasetImage(
            key: "k", taskId: id, taskName: "t", frame: frame, frameRate: 1, augmentation: nil, split: split,
            labels: labels)
    }
}
