extension MembershipFigure {
    /// What is promised of groups of 200 and of 1000, everybody reachable or half of them behind NAT; as measured of
    /// the design's first draft. Nil for other groups, and for what was not measured then.
    public func goal(peers: Int, shareBehindNAT: Double) -> Double? {
        let columns = [200: 0, 1000: 2]
        guard let column = columns[peers], [0, 0.5].contains(shareBehindNAT), let goals else { return nil }
        return goals[column + (shareBehindNAT > 0 ? 1 : 0)]
    }

    /// 200; 200 with NAT; 1000; 1000 with NAT.
    private var goals: [Double]? {
        switch self {
        case .firstLink: [0.3, 0.2, 0.4, 0.3]
        case .allLinks: [3.3, 2.3, 2.4, 2.4]
        case .known: [2.0, 2.3, 2.6, 2.5]
        case .quietTraffic: [2.2, 2.2, 11.7, 10.8]
        case .noDeadLink: [11.5, 11, 12, 12.5]
        case .rightAfterKill: [31, 31, 32, 32]
        case .healed: [1, 1, 1, 1]
        case .crossLinks: [81, 58, 65, 62]
        case .rightAfterHeal: [31, 32, 33, 31]
        case .churnTraffic: [3.6, 3.6, 20, 20]
        case .rightAfterPause, .rightAfterChurn: nil
        }
    }
}
