/// What to tell someone whose section or key is not known.
enum NameHint {
    /// Names of the replaced system and of its libraries, by section: what people bring along, and its name here.
    static let renamed: [String: [String: String]] = [
        "MongoDB": [
            "connection_string": "uri", "url": "uri",
            "user": "user_name", "username": "user_name",
            "pass": "password", "passwd": "password", "pwd": "password",
            "host": "server_ip", "hostname": "server_ip", "ip": "server_ip", "server": "server_ip",
            "auth_db": "auth_source", "authsource": "auth_source",
            "database": "db_name", "database_name": "db_name", "db": "db_name",
        ],
        "S3": [
            "endpoint_url": "endpoint", "host": "endpoint", "url": "endpoint",
            "aws_region": "region", "region_name": "region",
            "access_key": "access_key_id", "aws_access_key_id": "access_key_id",
            "aws_secret_access_key": "secret_access_key", "secret_key": "secret_access_key",
            "bucket": "bucket_name",
        ],
        "App": ["auth_key": "api_key", "key": "api_key", "secret_key": "api_key", "ip": "host", "server_ip": "host"],
        "Content": ["extensions": "allowed_extensions", "task_frames": "frames_per_task"],
        "Folders": ["base": "content_base", "contents": "content_base", "temp": "work", "tmp": "work"],
        "Augmentation": ["augmentation_map": "aug_map", "percentage": "share"],
        "Cores": ["cores": "cpu_cores", "cpu": "cpu_cores", "num_cores": "cpu_cores", "number_of_cores": "cpu_cores"],
    ]

    /// Advice about the key `name`: its new name, the likely one, or all of them.
    static func advice(for name: String, inSection section: String, among names: [String]) -> String {
        if let new = self.renamed[section]?[name.lowercased()] { return "it is called \(new) now" }
        return self.advice(for: name, among: names)
    }

    /// The key that `name` most likely means: its new name, or one that differs in a letter or two.
    static func likelyKey(for name: String, inSection section: String, among names: [String]) -> String? {
        if let new = self.renamed[section]?[name.lowercased()] { return new }
        let lowered = name.lowercased()
        return names.first { key in
            let distance = self.distance(key, lowered)
            // Letters that changed places count as two changes, which is much for a short name.
            let isShuffled = distance == 2 && key.sorted() == lowered.sorted()
            return distance > 0 && (distance <= min(2, key.count / 3) || isShuffled)
        }
    }

    /// Advice about `name`: the likely one of `names`, or all of them.
    static func advice(for name: String, among names: [String]) -> String {
        let lowered = name.lowercased()
        let nearest = names.min { self.distance($0.lowercased(), lowered) < self.distance($1.lowercased(), lowered) }
        if let nearest, self.distance(nearest.lowercased(), lowered) <= min(3, nearest.count / 2) {
            return "did you mean \(nearest)?"
        }
        return "known are \(names.joined(separator: ", "))"
    }

    /// The least number of inserted, removed and replaced characters that turns one name into the other (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replaced = diagonal + (character == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
