/// The forms in which a dataset is given out; the raw value names files and is what `--format` takes.
package enum DatasetFormat: String, Codable, Sendable, CaseIterable {
    case yolo, coco, voc, cvat, datumaro, mot, csv

    package var title: String {
        switch self {
        case .yolo: "YOLO"
        case .coco: "COCO"
        case .voc: "VOC"
        case .cvat: "CVAT"
        case .datumaro: "DATUMARO"
        case .mot: "MOT"
        case .csv: "CSV"
        }
    }

    /// Of the files that hold the labels.
    package var fileType: String {
        switch self {
        case .yolo, .mot: "txt"
        case .coco, .datumaro: "json"
        case .voc, .cvat: "xml"
        case .csv: "csv"
        }
    }
}
