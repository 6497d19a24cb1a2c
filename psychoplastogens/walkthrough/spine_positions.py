"""Positions of spines on the drawn branches: (x, y, angle in degrees), placed by hand."""

OLDER_SITES = [
    (78, 158, 63),
    (187, 212, 144),
    (298, 91, -53),
    (325, 227, 68),
    (203, 172, -39),
    (126, 237, -29),
    (304, 206, -137),
    (326, 50, -56),
    (237, 166, 144),
    (299, 194, 35),
    (73, 305, 141),
    (57, 132, -103),
]
"""On the branch of the scenes, at the start. The last are lost first."""

NEWER_SITES = [
    (251, 132, -45),
    (54, 95, 76),
    (118, 269, 153),
    (36, 306, -41),
    (318, 87, 120),
    (89, 200, -121),
    (280, 128, 138),
    (51, 56, -76),
    (57, 42, 99),
    (40, 337, 140),
    (156, 242, 136),
    (330, 251, -99),
]
"""Where others were lost before, on the branch of the scenes; new spines come from the first on."""

OLDER_SITES_SIDE_BY_SIDE = [
    (300, -3, -8),
    (163, 11, 183),
    (33, -10, -12),
    (250, -8, 3),
    (114, 10, -179),
    (325, 10, 180),
    (186, -7, -12),
    (61, 5, -176),
    (270, 10, -167),
    (139, -4, 4),
    (219, 6, 185),
    (86, -10, 12),
]
"""On each branch of the growth figure, at the start. The last are lost first."""

NEWER_SITES_SIDE_BY_SIDE = [
    (220, -10, 2),
    (115, -6, 2),
    (270, -6, 2),
    (62, -11, 2),
    (164, -5, 2),
    (326, -6, 2),
    (87, 7, 180),
    (187, 8, 180),
    (301, 12, 180),
    (34, 7, 180),
    (140, 12, 180),
    (251, 8, 180),
]
"""Opposite the older ones, in the order in which new spines come."""
