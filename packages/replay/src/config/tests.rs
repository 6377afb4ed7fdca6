use super::load::parse;
use super::*;

fn error(text: &str) -> String {
    parse(text, "own.toml").unwrap_err().to_string()
}

#[test]
fn what_is_written_reads_back_the_same() {
    for kind in [Kind::Major, Kind::Volatile] {
        let config = Config::preset(kind);
        assert_eq!(parse(&to_toml(&config), "defaults").unwrap(), config);
    }
}

#[test]
fn every_key_is_explained() {
    for line in to_toml(&Config::default())
        .lines()
        .filter(|line| line.contains(" = "))
    {
        let key = line
            .split(" = ")
            .next()
            .unwrap_or_default()
            .trim_start_matches("# ");
        let known = docs::KEYS
            .iter()
            .any(|(name, _)| name.rsplit('.').next() == Some(key));
        assert!(known, "no meaning is given for `{key}`");
    }
}

#[test]
fn a_file_names_only_what_differs() {
    let config = parse(
        "[risk]\nkind = \"volatile\"\n[population]\noverhang = 2\n",
        "own.toml",
    )
    .unwrap();
    let mut expected = Config::preset(Kind::Volatile);
    expected.population.overhang = 2.0;
    assert_eq!(config, expected);
    assert_eq!(parse("", "own.toml").unwrap(), Config::default());
}

#[test]
fn unknown_keys_are_refused_by_name() {
    let said = error("[market]\ndepht_1pct_usd = 5\n");
    assert!(
        said.starts_with("own.toml: unknown key `market.depht_1pct_usd`"),
        "{said}"
    );
    assert!(said.contains("depth_1pct_usd"), "{said}");
    assert!(error("[sail]\n").contains("unknown key `sail`"));
}

#[test]
fn stresses_are_named_in_words() {
    let config = parse(
        "[stress]\nkinds = [\"no-bidders-1h\", \"thin-depth\"]\n",
        "own.toml",
    )
    .unwrap();
    assert_eq!(
        config.stress.kinds,
        [StressKind::NoBidders, StressKind::ThinDepth]
    );
    assert_eq!(parse(&to_toml(&config), "again").unwrap(), config);
    assert!(error("[stress]\nkinds = [\"rain\"]\n").contains("unknown variant `rain`"));
    assert!(error("[stress]\noutage_s = 5\n").contains("`stress.outage_s` is 5"));
}

#[test]
fn wrong_types_and_syntax_name_the_place() {
    assert_eq!(
        error("[risk]\ngrace_s = \"long\"\n"),
        "own.toml: `risk.grace_s` is string, expected integer"
    );
    assert!(error("[risk\n").starts_with("own.toml:1: "));
    let twice = error("[risk]\ngrace_s = 1\ngrace_s = 2\n");
    assert_eq!(twice, "own.toml:3: duplicate key");
    assert_eq!(
        error("[risk]\ngrace_s = -5\n"),
        "own.toml: invalid value: integer `-5`, expected u64 in `risk.grace_s`"
    );
    assert!(error("[risk]\nkind = \"minor\"\n").contains("minor"));
}

#[test]
fn values_out_of_bounds_are_refused_with_figures() {
    assert_eq!(
        error("[risk]\ntarget_weight = 0.8\n"),
        "own.toml: `risk.target_weight` is 0.8, expected more than 0 and less than the maintenance weight 0.8"
    );
    assert!(error("[queue]\n").contains("unknown key `queue`"));
    assert!(error("[population]\npositions = 0\n").contains("`population.positions` is 0"));
    assert!(error("[market]\ndead_share = nan\n").contains("`market.dead_share` is NaN"));
}

#[test]
fn further_collaterals_have_headings_of_their_own() {
    let text = "[[assets]]\nname = \"two\"\nbeta = 2\ncw20 = true\n[[assets]]\nname = \"three\"\n";
    let config = parse(text, "own.toml").unwrap();
    let expected = [
        Asset {
            name: "two".to_owned(),
            beta: 2.0,
            cw20: true,
            ..Asset::default()
        },
        Asset {
            name: "three".to_owned(),
            ..Asset::default()
        },
    ];
    assert_eq!(config.assets, expected);
    assert_eq!(config.collaterals().len(), 3);
    assert_eq!(parse(&to_toml(&config), "again").unwrap(), config);
    // The example that is written where there is none is one, too.
    let example = to_toml(&Config::default()).replace("\n# [[", "\n[[");
    let (before, after) = example.split_once("[[assets]]").unwrap();
    let uncommented = format!("{before}[[assets]]{}", after.replace("\n# ", "\n"));
    assert_eq!(parse(&uncommented, "example").unwrap().assets[0].name, "other");

    assert!(error("[[assets]]\nwieght = 1\n").contains("unknown field `wieght`"));
    assert!(error("[[assets]]\ntarget_weight = 0.9\n").contains("`assets.target_weight` is 0.9"));
    assert!(error(&"[[assets]]\n".repeat(4)).contains("`assets` is 4"));
    for (names, refused) in [
        (["two", "two"], "two"),
        (["two", "usd"], "usd"),
        (["coll", "b"], "coll"),
        (["Two", "b"], "Two"),
    ] {
        let mut config = config.clone();
        for (asset, name) in config.assets.iter_mut().zip(names) {
            asset.name = name.to_owned();
        }
        assert_eq!(config.check_names().unwrap_err().name, refused);
    }
}

#[test]
fn orders_are_spread_over_whole_slots() {
    let mut holders = Config::default().holders;
    let asset = Asset::default();
    assert_eq!(holders.slots(), 5..=11, "from par to 3 % below it");
    holders.depths = 7.0;
    assert_eq!(holders.usd_a_slot(&asset), 1e6);
    (holders.first_discount, holders.last_discount) = (-0.025, 0.05);
    assert_eq!(holders.slots(), 0..=15);
    (holders.first_discount, holders.last_discount) = (0.012, 0.012);
    assert_eq!(holders.slots(), 7..=7, "the nearest");
    let said = error("[holders]\nfirst_discount = 0.02\nlast_discount = 0.01\n");
    assert!(
        said.contains("`holders.last_discount` is 0.01, expected 0.02 to 0.05"),
        "{said}"
    );
}
