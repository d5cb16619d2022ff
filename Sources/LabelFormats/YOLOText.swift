package import Domain

extension FrameLabels {
    /// The text of a YOLO label file; empty for a picture without boxes.
    ///
    /// Form: `class cx cy w h`, relative to the picture, six decimals
    /// (<https://docs.ultralytics.com/datasets/detect/>).
    package var yoloText: String {
        self.boxes.map { box in
            let numbers = Self.relative(box.box, in: self.canvas).map { FixedPoint.text($0, decimals: 6) }
            return "\(box.classNumber) \(numbers.joined(separator: " "))\n"
        }.joined()
    }
}

extension ClassList {
    /// `classes.txt`: one name on each line, the first is class 0.
    package var text: String { self.names.map { "\($0.onOneLine)\n" }.joined() }
}

extension String {
    /// Names of people's making may hold line ends.
    var onOneLine: String { String(self.map { $0.isNewline ? " " : $0 }) }
}
