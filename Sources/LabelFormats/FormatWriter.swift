package import Domain

/// Turns the pictures of a dataset into the text files of one format, part by part, so that memory does not grow with
/// the dataset.
///
/// Each pass shows all pictures in the same order: by task, by frame, augmented ones after their frame.
package protocol FormatWriter: Sendable {
    var passCount: Int { get }

    /// What comes before the first picture of a pass, counted from 0.
    mutating func begin(pass: Int) -> [FileFragment]
    mutating func add(_ image: DatasetImage, pass: Int) -> [FileFragment]
    mutating func end(pass: Int) -> [FileFragment]

    /// Where the format wants the pictures of one task, all of them in their order; `nil` leaves one out, then
    /// ``add(_:pass:)`` gives nothing for it.
    func paths(ofTask images: [DatasetImage]) -> [String?]
}

extension FormatWriter {
    package var passCount: Int { 1 }
}

/// Text to be appended to one of a format's files.
package struct FileFragment: Hashable, Sendable {
    /// Relative, with slashes.
    package let path: String
    package let text: String

    package init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
    }
}

extension DatasetFormat {
    /// A writer that has written nothing yet.
    package func makeWriter(classes: ClassList) -> any FormatWriter {
        switch self {
        case .yolo: UltralyticsWriter(classes: classes)
        case .coco: COCOWriter(classes: classes)
        case .voc: VOCWriter(classes: classes)
        case .cvat: CVATWriter(classes: classes)
        case .datumaro: DatumaroWriter(classes: classes)
        case .mot: MOTWriter(classes: classes)
        case .csv: CSVWriter(classes: classes)
        }
    }
}
