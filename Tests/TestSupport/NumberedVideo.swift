package import Foundation

/// A video whose every frame shows its own number, counted from 0, as 10 black or white cells in the upper left corner;
/// made by the `ffmpeg` program and removed with the value.
package final class NumberedVideo: Sendable {
    package static let cell = 16
    package static let cellCount = 10

    private let folder: TestFolder
    package let url: URL
    package var path: String { self.url.path }

    /// - Parameters:
    ///   - encoding: arguments of the `ffmpeg` program between input and output.
    ///   - fileExtension: chooses the container.
    package init(
        _ encoding: String, as fileExtension: String, frameCount: Int = 60, rate: String = "30",
        size: String = "320x180"
    ) throws {
        self.folder = try TestFolder()
        self.url = self.folder.url.appendingPathComponent("video.\(fileExtension)")
        let bit = "255*mod(floor(N/pow(2,floor(X/\(Self.cell)))),2)"
        let inStrip = "lt(Y,\(Self.cell))*lt(X,\(Self.cell * Self.cellCount))"
        let luma = "if(\(inStrip),\(bit),128+80*sin((X+3*N)/17)*cos((Y-2*N)/13))"
        try Self.run(
            "ffmpeg",
            ["-v", "error", "-y", "-f", "lavfi", "-i", "nullsrc=s=\(size):r=\(rate),geq=lum='\(luma)':cb=128:cr=110"]
                + ["-frames:v", "\(frameCount)", "-pix_fmt", "yuv420p"]
                + encoding.split(separator: " ").map(String.init) + [self.path])
    }

    package func file(_ name: String) -> String { self.folder.file(name) }

    /// The numbers that the frames of the video at `path` show; `nil` where the strip cannot be read.
    package static func numbers(in path: String) throws -> [Int?] {
        let height = Self.cell
        let width = Self.cell * Self.cellCount
        let pixels = try Self.run(
            "ffmpeg",
            ["-v", "error", "-i", path, "-vsync", "passthrough", "-vf", "crop=\(width):\(height):0:0,format=gray"]
                + ["-f", "rawvideo", "-"])
        return stride(from: 0, to: pixels.count, by: width * height).map { start in
            (0..<Self.cellCount).reduce(0) { number, bit in
                let row = start + height / 2 * width
                return pixels[row + bit * Self.cell + Self.cell / 2] > 127 ? number | 1 << bit : number
            }
        }
    }

    /// Lines of `ffprobe`'s compact output.
    package static func probe(_ path: String, _ entries: String) throws -> [String] {
        let output = try Self.run(
            "ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", entries, "-of", "csv=p=0", path])
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Runs a program to its end and returns what it printed.
    @discardableResult
    package static func run(_ program: String, _ arguments: [String]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ProgramFailure(description: "failed: \(program) \(arguments.joined(separator: " "))")
        }
        return [UInt8](bytes)
    }

    package struct ProgramFailure: Error, CustomStringConvertible {
        package let description: String
    }
}
