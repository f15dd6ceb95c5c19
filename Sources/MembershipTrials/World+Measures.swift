import Membership

// What is asked of the whole group, as nobody in it could.
extension World {
    /// Lets time go by until this holds, as it is asked every quarter of a second; gives the seconds that it took, nil
    /// where it did not hold within the limit.
    mutating func secondsUntil(within limit: Double, _ holds: (World) -> Bool) -> Double? {
        let start = seconds
        while !holds(self) {
            guard seconds - start < limit else { return nil }
            run(seconds: 0.25)
        }
        return seconds - start
    }

    /// How many links a living host has to one that does not live.
    public var deadLinkCount: Int {
        let alive = livingNames
        return living.reduce(0) { $0 + hosts[$1].member.partners.count { !alive.contains($0) } }
    }

    /// The living as their names.
    private var livingNames: Set<MemberID> { Set(living.map { hosts[$0].id }) }

    /// The share of the living whose directory has all of the living and nobody else.
    public var rightDirectoriesShare: Double {
        let alive = livingNames
        let right = living.count { host in
            hosts[host].member.memberCount == alive.count && hosts[host].member.members.allSatisfy(alive.contains)
        }
        return Double(right) / Double(alive.count)
    }

    /// The share of the living that know this host.
    func shareKnowing(_ host: Int) -> Double {
        let all = living
        let id = hosts[host].id
        return Double(all.count { hosts[$0].member.standing(of: id).map { $0 != .lost } ?? false }) / Double(all.count)
    }

    /// The links between living hosts that both ends keep, once each.
    private var pairs: [(one: Int, other: Int)] {
        let all = living
        let places = Dictionary(uniqueKeysWithValues: all.map { (hosts[$0].id, $0) })
        let partners = Dictionary(uniqueKeysWithValues: all.map { ($0, Set(hosts[$0].member.partners)) })
        return all.flatMap { host in
            hosts[host].member.partners.compactMap { partner in
                guard let other = places[partner], host < other, partners[other]?.contains(hosts[host].id) == true
                else { return nil }
                return (host, other)
            }
        }
    }

    /// Into how many parts the links leave the living.
    public var componentCount: Int {
        var parents = Array(hosts.indices)
        func root(_ host: Int) -> Int {
            var host = host
            while parents[host] != host {
                parents[host] = parents[parents[host]]
                host = parents[host]
            }
            return host
        }
        for pair in pairs { parents[root(pair.one)] = root(pair.other) }
        return Set(living.map(root)).count
    }

    /// The share of links that lead from one side of a partition to the other.
    public var crossLinksShare: Double {
        let pairs = pairs
        let crossing = pairs.count { hosts[$0.one].side != hosts[$0.other].side }
        return pairs.isEmpty ? 0 : Double(crossing) / Double(pairs.count)
    }

    /// The fewest, mean and most links of the living.
    public var degrees: (fewest: Int, mean: Double, most: Int) {
        let counts = living.map { hosts[$0].member.partners.count }
        return (counts.min() ?? 0, Double(counts.reduce(0, +)) / Double(counts.count), counts.max() ?? 0)
    }
}
