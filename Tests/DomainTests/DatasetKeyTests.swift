import Domain
import Testing

@Suite struct DatasetKeyTests {
    private static let task = ObjectID(seconds: 0xAB, unique: 7)
    private static let keys = DatasetKeys(group: "g", versionId: ObjectID(seconds: 1, unique: 1), number: "1.0_1")
    private static let folder = "dataset/g/\(task)/12"

    @Test func keysAreThoseOfTheContract() {
        let keys = Self.keys
        #expect(keys.image(task: Self.task, frame: 12) == "\(Self.folder)/12.jpg")
        #expect(keys.thumbnail(task: Self.task, frame: 12) == "\(Self.folder)/12_thumbnail.jpg")
        #expect(keys.labels(task: Self.task, frame: 12) == "\(Self.folder)/1.0_1_12.txt")
        let augmented = keys.augmented(task: Self.task, frame: 12, type: .rotate90)
        #expect(augmented.image == "\(Self.folder)/aug/1.0_1_rotate-90_12.jpg")
        #expect(augmented.thumbnail == "\(Self.folder)/aug/1.0_1_rotate-90_12_thumbnail.jpg")
        #expect(augmented.labels == "\(Self.folder)/aug/1.0_1_rotate-90_12.txt")
        #expect(keys.manifest == "dataset/g/000000010000000000000001/manifest.jsonl")
        #expect(keys.archive(of: .yolo) == "dataset/g/000000010000000000000001/yolo.zip")
    }

    static let owners: [(name: String, owner: DatasetKeys.Owner)] = [
        ("12.jpg", .group(frame: 12)), ("12_thumbnail.jpg", .group(frame: 12)),
        ("1.0_1_12.txt", .version), ("1.0_12.txt", .other), ("2.1.0_1_12.txt", .other), ("1.0_1_13.txt", .other),
        ("aug/1.0_1_rotate_12.jpg", .version), ("aug/1.0_1_rotate-90_12_thumbnail.jpg", .version),
        ("aug/1.0_1_old-type_12.txt", .version), ("aug/1.0_rotate_12.txt", .other),
        ("aug/x1.0_1_rotate_12.txt", .other), ("notes.txt", .other), ("aug/deeper/1.0_1_rotate_12.txt", .other),
    ]

    @Test(arguments: owners)
    func ownerOfAnObjectIsReadFromItsKey(fact: (name: String, owner: DatasetKeys.Owner)) {
        #expect(Self.keys.owner(of: "\(Self.folder)/\(fact.name)", task: Self.task) == fact.owner)
    }

    @Test func manifestLineIsJSONInAFixedOrder() {
        let object = DatasetObject(
            key: "a/\"b\"\n.jpg", contentType: "image/jpeg", byteCount: 12, sha256: "00")
        #expect(
            object.manifestLine
                == #"{"contentType":"image/jpeg","key":"a/\"b\"\u000a.jpg","sha256":"00","size":12}"# + "\n")
    }

    static let shares: [(shares: [SplitShare], allowed: Set<DatasetSplit>)] = [
        ([], [.training]),
        ([SplitShare(split: .testing, imageCount: 0, percentage: 100)], [.testing]),
        (
            [
                SplitShare(split: .training, imageCount: 80, percentage: 0),
                SplitShare(split: .validation, imageCount: 20, percentage: 0),
            ], [.training, .validation]
        ),
    ]

    @Test(arguments: shares)
    func splitsAreTakenFromTheShares(fact: (shares: [SplitShare], allowed: Set<DatasetSplit>)) {
        let assignment = SplitAssignment(fact.shares)
        #expect(Set((0..<500).map { assignment.split(of: "video \($0)") }) == fact.allowed)
    }

    @Test func splitsAreStableAndKeepTheirShares() {
        let shares = [
            SplitShare(split: .training, imageCount: 0, percentage: 70),
            SplitShare(split: .validation, imageCount: 0, percentage: 20),
            SplitShare(split: .testing, imageCount: 0, percentage: 10),
        ]
        let splits = (0..<5000).map { SplitAssignment(shares).split(of: "video \($0)") }
        #expect(splits == (0..<5000).map { SplitAssignment(shares).split(of: "video \($0)") })
        for (split, count) in [(DatasetSplit.training, 3500), (.validation, 1000), (.testing, 500)] {
            #expect(abs(splits.count { $0 == split } - count) < 150)
        }
    }
}
