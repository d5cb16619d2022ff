import Domain
import Foundation
import Testing

@testable import FrameKit

/// Coloured marks on grey pictures are found again where the geometry of a change says.
@Suite struct AugmentationGeometryTests {
    private static let canvas = Canvas(width: 320, height: 200)
    /// Left upper corners of squares of 12 pixels, with their colours.
    private static let marks: [(x: Int, y: Int, colour: String)] = [
        (60, 40, "red"), (240, 50, "lime"), (90, 140, "blue"),
    ]

    static let changes: [PictureChange] = [
        .flipHorizontal, .flipVertical, .quarterTurns(1), .quarterTurns(2), .quarterTurns(3),
        .rotation(degrees: 12), .rotation(degrees: -33.5), .shear(across: 15, down: 0), .shear(across: 0, down: -9),
        .shear(across: -11, down: 7),
        .crop(MarginShares(left: 0.1, top: 0.05, right: 0.15, bottom: 0.2)),
        .crop(MarginShares(left: -0.2, top: -0.1, right: -0.05, bottom: -0.3)),
        .crop(MarginShares(left: -0.2, top: 0.1, right: 0.07, bottom: -0.1)),
    ]

    private static func picture(_ media: PictureMedia, of canvas: Canvas = canvas) async throws -> Picture {
        let boxes = self.marks.map { "drawbox=x=\($0.x):y=\($0.y):w=12:h=12:color=\($0.colour):t=fill" }
        return try await media.picture(
            of: "color=gray:size=\(canvas.width)x\(canvas.height),format=rgb24,\(boxes.joined(separator: ","))")
    }

    @Test(arguments: changes)
    func marksAreWhereTheTransformSays(change: PictureChange) async throws {
        let media = try PictureMedia()
        let changed = try PictureAugmenter().apply(change, to: try await Self.picture(media))
        let transform = PictureTransform(change, of: Self.canvas)
        #expect(Canvas(width: changed.width, height: changed.height) == transform.canvas)
        let pixels = try changed.rgb
        for (channel, mark) in Self.marks.enumerated() {
            let place = transform.moved(x: Double(mark.x + 6), y: Double(mark.y + 6))
            let found = try #require(Self.centre(ofChannel: channel, in: pixels, width: changed.width))
            #expect(abs(found.x - place.x) < 0.7, "\(mark.colour) is at x \(found.x) instead of \(place.x)")
            #expect(abs(found.y - place.y) < 0.7, "\(mark.colour) is at y \(found.y) instead of \(place.y)")
        }
    }

    @Test func whatComesInFromOutsideIsBlack() async throws {
        let media = try PictureMedia()
        let picture = try await Self.picture(media)
        let changes: [PictureChange] = [
            .rotation(degrees: 20), .shear(across: -20, down: 0),
            .crop(MarginShares(left: -0.2, top: -0.2, right: 0, bottom: 0)),
        ]
        for change in changes {
            let corner = try PictureAugmenter().apply(change, to: picture).rgb.prefix(3)
            #expect(distance(corner, [0, 0, 0]) <= 1, "\(change) leaves \(Array(corner))")
        }
    }

    @Test func oddPicturesKeepTheirGeometry() async throws {
        let media = try PictureMedia()
        let canvas = Canvas(width: 319, height: 199)
        let picture = try await media.picture(
            of: "color=gray:size=320x200,format=rgb24,drawbox=x=60:y=40:w=12:h=12:color=red:t=fill", pad: (1, 1))
        for change in [PictureChange.flipHorizontal, .quarterTurns(1), .rotation(degrees: 9)] {
            let changed = try PictureAugmenter().apply(change, to: picture)
            let transform = PictureTransform(change, of: canvas)
            #expect(Canvas(width: changed.width, height: changed.height) == transform.canvas)
            let place = transform.moved(x: 66, y: 46)
            let found = try #require(Self.centre(ofChannel: 0, in: changed.rgb, width: changed.width))
            #expect(abs(found.x - place.x) < 0.7 && abs(found.y - place.y) < 0.7, "\(change): \(found), \(place)")
        }
    }

    @Test func imagesOfACollectionComeBackInTheirOwnPixels() async throws {
        let media = try PictureMedia()
        let picture = try await Self.picture(media)
        // 400 × 300 pixels, shown at 0.5 from column 40, row 20 on.
        let place = ImagePlace(canvas: Canvas(width: 400, height: 300), left: 40, top: 20, scale: 0.5)
        let image = try PictureAugmenter().image(at: place, in: picture)
        #expect(image.width == 400 && image.height == 300)
        let box = place.imageBox(Box(x: 60, y: 40, width: 12, height: 12))
        #expect(box == Box(x: 40, y: 40, width: 24, height: 24))
        let found = try #require(Self.centre(ofChannel: 0, in: image.rgb, width: 400))
        #expect(abs(found.x - box.centerX) < 0.7 && abs(found.y - box.centerY) < 0.7)
    }

    /// The centre of the pixels in which one channel is far above the others, which a mark of that colour has.
    private static func centre(ofChannel channel: Int, in rgb: [UInt8], width: Int) -> (x: Double, y: Double)? {
        var (sumX, sumY, count) = (0, 0, 0)
        for pixel in 0..<rgb.count / 3 {
            let values = rgb[pixel * 3..<pixel * 3 + 3].map(Int.init)
            let others = values.enumerated().filter { $0.offset != channel }.map(\.element).max() ?? 0
            guard values[channel] - others > 100 else { continue }
            sumX += pixel % width
            sumY += pixel / width
            count += 1
        }
        return count == 0 ? nil : (Double(sumX) / Double(count) + 0.5, Double(sumY) / Double(count) + 0.5)
    }
}
