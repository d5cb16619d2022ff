import Domain
import PhotoMetadata
import Testing

@testable import BatchDetection

@Suite struct MegaDetectorTextTests {
    private func result(_ detections: [Detection], failure: String? = nil) -> PhotoResult {
        PhotoResult(
            photo: Photo(number: 0, root: "card", path: "Süd/\"a\".jpg", problem: nil), sha256: nil, width: 200,
            height: 100, metadata: PhotoMetadata(), detections: detections, failure: failure)
    }

    @Test func labelsHaveNumbersFromOne() {
        let text = MegaDetectorText(labels: ["animal", "car"], hasRoots: false)
        #expect(text.begin(model: "m.onnx").contains("\"detection_categories\": {\"1\": \"animal\", \"2\": \"car\"}"))
        #expect(text.begin(model: "m.onnx").contains("\"format_version\": \"1.6\""))
    }

    @Test func boxesAreRelative() {
        let box = Box(x: 50, y: 25, width: 100, height: 50)
        let image = MegaDetectorText(labels: ["animal", "car"], hasRoots: false)
            .image(self.result([Detection(box: box, label: "car", confidence: 1)]))
        #expect(
            image
                == "  {\"file\": \"Süd/\\\"a\\\".jpg\", \"width\": 200, \"height\": 100, \"detections\": [{\"category\": \"2\", "
                + "\"conf\": 1.0000, \"bbox\": [0.25000, 0.25000, 0.50000, 0.50000]}]}")
    }

    @Test func aFailureHasNoDetections() {
        let image = MegaDetectorText(labels: [], hasRoots: true).image(self.result([], failure: "It is damaged."))
        #expect(
            image == "  {\"file\": \"card/Süd/\\\"a\\\".jpg\", \"failure\": \"It is damaged.\", \"detections\": null}")
    }
}
