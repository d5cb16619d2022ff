internal import Domain
internal import PhotoMetadata
internal import Spreadsheets

/// The rows of the report's tables, the same in the workbook and in CSV.
///
/// The first columns are spelled as Timelapse spells them (<https://timelapse.ucalgary.ca>), so that it imports them.
enum ReportTables {
    typealias Column = WorkbookWriter.Column

    private static let photoColumns = [
        Column("RootFolder", width: 16), Column("RelativePath", width: 24), Column("File", width: 24),
        Column("DateTime", width: 19), Column("DeleteFlag", width: 10),
    ]
    private static let metadataColumns = [
        "Latitude", "Longitude", "Altitude", "Make", "Model", "SerialNumber", "ImageWidth", "ImageHeight",
        "Orientation", "FNumber", "ExposureTime", "ISO", "Flash", "SubSeconds", "TimeOffset",
    ].map { Column($0) }

    static let detectionColumns =
        photoColumns + ["Label", "Confidence", "X", "Y", "Width", "Height"].map { Column($0) } + metadataColumns
        + [Column("Picture", width: 40)]

    static let fileColumns =
        photoColumns + [Column("Detections"), Column("HighestConfidence")] + metadataColumns
        + [Column("Unreadable", width: 24), Column("SHA256", width: 66)]

    static let failureColumns =
        Array(photoColumns.prefix(3)) + [Column("Kind"), Column("Reason", width: 80)]

    static let summaryColumns = [Column("By"), Column("Name", width: 32), Column("Images"), Column("Boxes")]

    static let aboutColumns = [Column("Field", width: 24), Column("Value", width: 80)]

    /// A row for each box. Places are in pixels of the upright picture, from its upper left corner.
    ///
    /// - Parameter picture: path of the picture with boxes in the report; `nil` when it is not there.
    static func detections(_ result: PhotoResult, picture: String?) -> [[Cell]] {
        let (photo, metadata) = (self.photo(result), self.metadata(result))
        return result.detections.map { detection in
            let box = detection.box
            let place = [box.x, box.y, box.width, box.height].map { Cell.number($0, decimals: 1) }
            return photo + [.text(detection.label), .number(detection.confidence, decimals: 4)] + place + metadata + [
                picture.map(Cell.link) ?? .empty
            ]
        }
    }

    /// One row for a photo that was looked at.
    static func file(_ result: PhotoResult) -> [Cell] {
        let problems = result.metadata.problems.joined(separator: ", ")
        return self.photo(result) + [
            .whole(result.detections.count),
            .number(orEmpty: result.detections.map(\.confidence).max(), decimals: 4),
        ] + self.metadata(result) + [.text(orEmpty: problems.isEmpty ? nil : problems), .text(orEmpty: result.sha256)]
    }

    /// One row for a photo that could not be looked at; `nil` for others.
    static func failure(_ result: PhotoResult) -> [Cell]? {
        result.failure.map { Array(self.photo(result).prefix(3)) + [.text("failed"), .text($0)] }
    }

    /// One row for a photo that was looked at and that the report does not have.
    static func loss(_ result: PhotoResult) -> [Cell] {
        Array(self.photo(result).prefix(3)) + [
            .text("left out"), .text("The file was changed or removed after it had been looked at."),
        ]
    }

    static func refusal(_ file: RefusedFile) -> [Cell] {
        let photo = Photo(number: 0, root: file.root, path: file.path, problem: nil)
        return [
            .text(file.root), .text(photo.folder), .text(photo.fileName), .text("not read"),
            .text("The file \(file.problem)."),
        ]
    }

    static func summary(_ counts: ReportCounts) -> [[Cell]] {
        [("label", counts.byLabel), ("folder", counts.byFolder), ("day", counts.byDay)].flatMap { kind, groups in
            groups.keys.sorted(by: NaturalOrder.precedes).compactMap { name in
                groups[name].map { [.text(kind), .text(name), .whole($0.photoCount), .whole($0.boxCount)] }
            }
        }
    }

    static func about(_ about: ReportAbout, _ counts: ReportCounts, refused: Int) -> [[Cell]] {
        let labels = about.version.meaning.labels.pairs.map { "\($0.model) as \($0.project)" }.joined(separator: ", ")
        let rows: [(String, Cell)] = [
            ("Model", .text(about.modelName)), ("Model SHA-256", .text(orEmpty: about.version.meaning.sha256)),
            ("Annotation version", .whole(about.version.number)),
            ("Labels", .text(labels.isEmpty ? "as the model has them" : labels)),
            ("Least confidence", .number(about.confidence, decimals: 4)),
            ("Overlap limit", .number(about.version.meaning.iou, decimals: 4)),
            ("Images found", .whole(counts.found)), ("Images looked at", .whole(counts.done)),
            ("Images failed", .whole(counts.failed)), ("Images with detections", .whole(counts.withDetections)),
            ("Boxes", .whole(counts.boxes)), ("Files not read", .whole(refused)),
        ]
        return rows.map { [.text($0), $1] }
    }

    private static func photo(_ result: PhotoResult) -> [Cell] {
        let photo = result.photo
        return [
            .text(photo.root), .text(photo.folder), .text(photo.fileName),
            result.metadata.dateTime.map(Cell.dateTime) ?? .empty, .flag(false),
        ]
    }

    private static func metadata(_ result: PhotoResult) -> [Cell] {
        let metadata = result.metadata
        return [
            .number(orEmpty: metadata.latitude, decimals: 7), .number(orEmpty: metadata.longitude, decimals: 7),
            .number(orEmpty: metadata.altitude, decimals: 3), .text(orEmpty: metadata.make),
            .text(orEmpty: metadata.model), .text(orEmpty: metadata.serialNumber), .whole(orEmpty: result.width),
            .whole(orEmpty: result.height), .whole(orEmpty: metadata.orientation),
            .number(orEmpty: metadata.fNumber, decimals: 3), .number(orEmpty: metadata.exposureTime, decimals: 9),
            .whole(orEmpty: metadata.iso), .whole(orEmpty: metadata.flash), .text(orEmpty: metadata.subSeconds),
            .text(orEmpty: metadata.offset),
        ]
    }
}
