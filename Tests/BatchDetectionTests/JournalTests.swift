import FoundationEssentials
import PhotoMetadata
import Testing

@testable import BatchDetection

@Suite struct JournalTests {
    private static let header = Journal.Header(annotator: "a", photos: "p", imagesIncluded: "all")

    private func result(_ number: Int, failure: String? = nil) -> PhotoResult {
        PhotoResult(
            photo: Photo(number: number, root: "card", path: "\(number).jpg", problem: nil), sha256: nil, width: 4,
            height: 2, metadata: PhotoMetadata(), detections: [], failure: failure)
    }

    @Test func resultsAreThereAfterReopening() async throws {
        try await BatchFixture.with { fixture in
            let path = fixture.path("journal")
            try Journal.begin(at: path, Self.header).add(self.result(3, failure: "The file is damaged."))
            let journal = try Journal.resume(at: path, Self.header, isAfterCrash: false)
            #expect(journal.has(3) && !journal.has(2))
            #expect(journal.resultCount == 1 && journal.failureCount == 1)
            #expect(try journal.result(of: 3) == self.result(3, failure: "The file is damaged."))
            #expect(throws: BatchError.self) { try journal.result(of: 2) }
        }
    }

    @Test func everyCutOfTheLastLineLosesThatLineAlone() async throws {
        try await BatchFixture.with { fixture in
            let path = fixture.path("journal")
            do {
                let journal = try Journal.begin(at: path, Self.header)
                try journal.add(self.result(1))
                try journal.add(self.result(2))
            }
            let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
            let lastLine = try #require(whole.dropLast().lastIndex(of: 0x0A)) + 1
            for count in lastLine..<whole.count {
                try fixture.write(Array(whole.prefix(count)), to: "journal")
                let journal = try Journal.resume(at: path, Self.header, isAfterCrash: false)
                #expect(journal.has(1) && !journal.has(2))
                try journal.add(self.result(2))
                #expect(try Journal.resume(at: path, Self.header, isAfterCrash: false).result(of: 2) == self.result(2))
            }
        }
    }

    @Test func anotherBatchIsNotResumed() async throws {
        try await BatchFixture.with { fixture in
            let path = fixture.path("journal")
            _ = try Journal.begin(at: path, Self.header)
            let others = [
                Journal.Header(annotator: "b", photos: "p", imagesIncluded: "all"),
                Journal.Header(annotator: "a", photos: "q", imagesIncluded: "all"),
                Journal.Header(annotator: "a", photos: "p", imagesIncluded: "none"),
            ]
            for other in others {
                #expect(throws: BatchError.self) { try Journal.resume(at: path, other, isAfterCrash: false) }
            }
        }
    }

    @Test func onlyACrashSpeaksAgainstAPhoto() async throws {
        try await BatchFixture.with { fixture in
            let path = fixture.path("journal")
            try Journal.begin(at: path, Self.header).start([1, 2])
            #expect(try Journal.resume(at: path, Self.header, isAfterCrash: true).unfinished == [1, 2])
            let journal = try Journal.resume(at: path, Self.header, isAfterCrash: true)
            try journal.start([1])
            try journal.end([1])
            try journal.start([2])
            let second = try Journal.resume(at: path, Self.header, isAfterCrash: true)
            #expect(second.unfinished == [2] && second.startCounts == [2: 1])
            // A person who resumes has seen no crash, and what they killed did nothing wrong.
            _ = try Journal.resume(at: path, Self.header, isAfterCrash: false)
            #expect(try Journal.resume(at: path, Self.header, isAfterCrash: true).unfinished.isEmpty)
        }
    }
}
