internal import Archives
internal import ContentPipeline
internal import Domain
internal import FoundationEssentials
internal import ObjectStore
internal import Spreadsheets

/// Writes the report of a run whose photos all have a result: a zip archive whose bytes depend on the photos and the
/// model alone.
///
/// Blocks; used by one thread at a time.
struct ReportArchive {
    let collection: PhotoCollection
    let about: ReportAbout
    let folder: RunFolder
    /// Of each photo, by its number: where its picture with boxes is when it has one. Always a JPEG.
    private let boxPaths: [String]

    init(collection: PhotoCollection, about: ReportAbout, folder: RunFolder) {
        self.collection = collection
        self.about = about
        self.folder = folder
        self.boxPaths = Self.boxPaths(collection.photos)
    }

    /// Writes the parts, then the archive, and gives it its name.
    ///
    /// - Throws: ``BatchError``, ``WorkbookError``, ``ArchiveError``, and errors of the file system.
    func write(_ journal: Journal, to output: String) throws -> ReportCounts {
        var counts = ReportCounts()
        for photo in self.collection.photos { counts.add(try journal.result(of: photo.number)) }
        // First, for the tables name the photos that are lost by now.
        let path = self.path("results.zip")
        var archive = try ArchiveWriter.zip(at: path)
        let lost = try self.addImages(journal, to: &archive)
        try self.writeWorkbook(journal, counts, lost)
        try self.writeTables(journal, lost)
        try self.writeMegaDetector(journal, counts)
        try self.folder.write(
            Array(ReportReadme.text(self.about, counts, refused: self.collection.refused.count).utf8),
            to: self.path("README.txt"))
        for part in Self.parts { try archive.add(contentsOf: self.path(part), named: part) }
        try archive.finish()
        try self.folder.publish(path, as: output)
        return counts
    }

    private static let parts = [
        "README.txt", "detections.xlsx", "detections.csv", "failures.csv", "md_results.json",
    ]

    private func path(_ part: String) -> String { "\(self.folder.path)/\(part)" }

    private func writeWorkbook(_ journal: Journal, _ counts: ReportCounts, _ lost: Set<Int>) throws {
        var workbook = try WorkbookWriter.create(at: self.path("detections.xlsx"), scratch: self.folder.path)
        let detections = try workbook.addSheet(named: "Detections", columns: ReportTables.detectionColumns)
        let files = try workbook.addSheet(named: "Files", columns: ReportTables.fileColumns)
        let summary = try workbook.addSheet(named: "Summary", columns: ReportTables.summaryColumns)
        let failures = try workbook.addSheet(named: "Failures", columns: ReportTables.failureColumns)
        let about = try workbook.addSheet(named: "About", columns: ReportTables.aboutColumns)
        for photo in self.collection.photos {
            let result = try journal.result(of: photo.number)
            for row in ReportTables.detections(result, picture: self.boxPath(result)) {
                try workbook.append(row, to: detections)
            }
            try workbook.append(ReportTables.file(result), to: files)
            if let row = ReportTables.failure(result) { try workbook.append(row, to: failures) }
            if lost.contains(photo.number) { try workbook.append(ReportTables.loss(result), to: failures) }
        }
        for file in self.collection.refused { try workbook.append(ReportTables.refusal(file), to: failures) }
        for row in ReportTables.summary(counts) { try workbook.append(row, to: summary) }
        for row in ReportTables.about(self.about, counts, refused: self.collection.refused.count) {
            try workbook.append(row, to: about)
        }
        try workbook.finish()
    }

    private func writeTables(_ journal: Journal, _ lost: Set<Int>) throws {
        var detections = try ReportFile(path: self.path("detections.csv"))
        var failures = try ReportFile(path: self.path("failures.csv"))
        try detections.write(CSVTable.heading(ReportTables.detectionColumns))
        try failures.write(CSVTable.heading(ReportTables.failureColumns))
        for photo in self.collection.photos {
            let result = try journal.result(of: photo.number)
            for row in ReportTables.detections(result, picture: self.boxPath(result)) {
                try detections.write(CSVTable.line(row))
            }
            if let row = ReportTables.failure(result) { try failures.write(CSVTable.line(row)) }
            if lost.contains(photo.number) { try failures.write(CSVTable.line(ReportTables.loss(result))) }
        }
        for file in self.collection.refused { try failures.write(CSVTable.line(ReportTables.refusal(file))) }
        try detections.finish()
        try failures.finish()
    }

    private func writeMegaDetector(_ journal: Journal, _ counts: ReportCounts) throws {
        let text = MegaDetectorText(labels: counts.labels, hasRoots: self.collection.roots.count > 1)
        var file = try ReportFile(path: self.path("md_results.json"))
        try file.write(text.begin(model: self.about.modelName))
        for photo in self.collection.photos {
            let image = text.image(try journal.result(of: photo.number))
            try file.write(photo.number == 0 ? image : ",\n" + image)
        }
        try file.write(MegaDetectorText.end)
        try file.finish()
    }

    /// Adds photos and pictures with boxes, in the order in which archives are read.
    ///
    /// - Returns: numbers of the photos that are no longer what was looked at; they are left out.
    private func addImages(_ journal: Journal, to archive: inout ArchiveWriter) throws -> Set<Int> {
        let reader = PhotoReader(self.collection)
        var lost: Set<Int> = []
        for number in self.collection.readingOrder {
            let result = try journal.result(of: number)
            guard self.about.inclusion.includes(result) else { continue }
            // try?: what cannot be read any more is lost, too.
            if let bytes = try? reader.bytes(of: result.photo), ContentDigest.sha256(of: bytes) == result.sha256 {
                try archive.add(bytes, named: "images/\(Self.memberPath(result.photo))")
            } else {
                lost.insert(number)
            }
            guard let boxes = self.boxPath(result) else { continue }
            try archive.add(contentsOf: self.folder.boxPicture(of: number), named: boxes)
        }
        return lost
    }

    /// Where the picture with boxes is in the archive; `nil` when it is not there.
    private func boxPath(_ result: PhotoResult) -> String? {
        guard self.about.inclusion.includes(result), BoxPicture.isPossible(for: result) else { return nil }
        return "boxes/\(self.boxPaths[result.photo.number])"
    }

    private static func boxPaths(_ photos: [Photo]) -> [String] {
        var paths = photos.map(self.memberPath)
        let isJPEG = paths.map { path in [".jpg", ".jpeg"].contains { path.lowercased().hasSuffix($0) } }
        var names = UniqueNames()
        for number in paths.indices where isJPEG[number] { _ = names.take(paths[number]) }
        // "a.png" may stand beside "a.png.jpg".
        for number in paths.indices where !isJPEG[number] { paths[number] = names.take("\(paths[number]).jpg") }
        return paths
    }

    private static func memberPath(_ photo: Photo) -> String { "\(photo.root)/\(photo.path)" }
}

/// What `README.txt` in the report says.
enum ReportReadme {
    static func text(_ about: ReportAbout, _ counts: ReportCounts, refused: Int) -> String {
        """
        Objects that \(about.modelName) found in \(Wording.count(counts.found, "image"))

        Looked at:        \(counts.done)
        Failed:           \(counts.failed) (failures.csv says why)
        Not read at all:  \(refused) (links and names that lead elsewhere; failures.csv, too)
        With detections:  \(counts.withDetections)
        Boxes:            \(counts.boxes), of confidence \(Wording.decimal(about.confidence)) and more

        detections.xlsx   the workbook: a row for each box, for each file, sums, failures, and about the model
        detections.csv    a row for each box, for other programs
        failures.csv      files that could not be looked at, with the reason
        md_results.json   MegaDetector's batch output format 1.6, which Timelapse and others read
        images/           photos as they were (\(about.inclusion.rawValue))
        boxes/            the same, upright, with boxes drawn

        X, Y, Width and Height are pixels of the upright picture, from its upper left corner.
        DateTime is what the camera's clock showed; an empty cell means that the photo does not say.

        """
    }
}
