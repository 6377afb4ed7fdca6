use clap::CommandFactory;

use super::*;

#[test]
fn the_interface_is_as_others_use_it() {
    Cli::command().debug_assert();
    let line =
        "glidepath-replay run --prices a.csv --window crash --rules hard --positions 9 --overhang 2.5 \
                --seed 7 --config c.toml --json j --report r.html --position 3 --quiet";
    let cli = Cli::try_parse_from(line.split_whitespace()).unwrap();
    let Some(Command::Run(args)) = cli.command else {
        panic!("expected run")
    };
    assert_eq!(
        (args.rules, args.position, args.scene.seed),
        (RulesKind::Hard, Some(3), 7)
    );
    assert_eq!(
        (args.scene.window, args.scene.overhang),
        (Window::Crash, Some(2.5))
    );
    for line in [
        "glidepath-replay",
        "glidepath-replay compare --seed 2",
        "glidepath-replay config --kind volatile",
    ] {
        Cli::try_parse_from(line.split_whitespace()).unwrap();
    }
}

#[test]
fn run_is_the_default_with_and_without_arguments() {
    for (with, without) in [
        (vec!["x", "run"], vec!["x"]),
        (vec!["x", "run", "--seed", "7"], vec!["x", "--seed", "7"]),
    ] {
        let Some(Command::Run(named)) = Cli::try_parse_from(with).unwrap().command else {
            panic!("expected run")
        };
        let cli = Cli::try_parse_from(without).unwrap();
        assert!(cli.command.is_none());
        assert_eq!(format!("{named:?}"), format!("{:?}", cli.run));
    }
    assert_eq!(
        format!("{:?}", Cli::try_parse_from(["x"]).unwrap().run),
        format!("{:?}", RunArgs::default())
    );
}

#[test]
fn stresses_of_file_and_arguments_add_up_and_count_once() {
    let args = SceneArgs {
        stress: vec![
            StressKind::Congestion,
            StressKind::NoBidders,
            StressKind::Congestion,
        ],
        ..SceneArgs::default()
    };
    let scene = args.scene().unwrap();
    assert_eq!(
        scene.config.stress.kinds,
        [StressKind::Congestion, StressKind::NoBidders]
    );
    let line = "glidepath-replay compare --stress no-bidders-1h,thin-depth --stress congestion";
    let Some(Command::Compare(args)) = Cli::try_parse_from(line.split_whitespace()).unwrap().command else {
        panic!("expected compare")
    };
    assert_eq!(args.stress.len(), 3);
}

#[test]
fn arguments_are_checked_like_the_file() {
    let args = SceneArgs {
        overhang: Some(-1.0),
        ..SceneArgs::default()
    };
    let said = args.scene().unwrap_err().to_string();
    assert_eq!(said, "`--overhang` is -1, expected 0.001 to 1000");
    for (args, said) in [
        (
            SceneArgs {
                holders: Some(-1.0),
                ..SceneArgs::default()
            },
            "`--holders` is -1, expected 0 to 1000",
        ),
        (
            SceneArgs {
                flash: Some(2_000),
                ..SceneArgs::default()
            },
            "`--flash` is 2000, expected 0 to 1000",
        ),
    ] {
        assert_eq!(args.scene().unwrap_err().to_string(), said);
    }
    let run = RunArgs {
        position: Some(201),
        ..RunArgs::default()
    };
    let quiet = RunArgs {
        scene: SceneArgs {
            quiet: true,
            ..SceneArgs::default()
        },
        ..run
    };
    assert_eq!(
        super::run(&quiet).unwrap_err().to_string(),
        "there is no position 201: they are numbered 1 to 200"
    );
}

#[test]
fn a_file_that_can_not_be_written_is_told_before_the_run() {
    let args = RunArgs {
        scene: SceneArgs {
            quiet: true,
            report: Some("no/such/folder/report.html".into()),
            ..SceneArgs::default()
        },
        ..RunArgs::default()
    };
    let started = std::time::Instant::now();
    let said = super::run(&args).unwrap_err().to_string();
    assert!(said.starts_with("no/such/folder/report.html: "), "{said}");
    assert!(started.elapsed().as_secs() < 2, "it was told after the run");
}

#[test]
fn what_the_contracts_refuse_is_told_in_their_words() {
    let mut config = Config::default();
    config.sale.soft.fall_s = 20;
    let path = Path::new(&path::builtin(1), Window::Crash, 1, &config).unwrap();
    let scene = Scene::new(config, 1, path, Vec::new());
    let said = rules::open(RulesKind::Soft, &scene).err().unwrap().to_string();
    assert_eq!(
        said,
        "the contracts refuse the terms of sales: fall is 20: from 60 to 14400 s"
    );
}

#[test]
fn no_file_is_written_over_or_left_behind() {
    let folder = std::env::temp_dir().join(format!("glidepath-cli-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (own, new) = (folder.join("own.toml"), folder.join("new.json"));
    std::fs::write(&own, "[risk]\nconfirm_s = 0\n").unwrap();
    let run = |json: &FilePath, report: Option<&FilePath>| {
        let args = RunArgs {
            scene: SceneArgs {
                quiet: true,
                config: Some(own.clone()),
                json: Some(json.to_owned()),
                report: report.map(FilePath::to_owned),
                ..SceneArgs::default()
            },
            ..RunArgs::default()
        };
        super::run(&args).unwrap_err().to_string()
    };
    let twice = run(&new, Some(&folder.join(".").join("new.json")));
    assert!(twice.starts_with("`--json` and `--report` are both "), "{twice}");
    let input = run(&own, None);
    assert!(input.starts_with("`--config` and `--json` are both "), "{input}");
    let refused = run(&new, None);
    assert!(refused.contains("confirm is 0"), "{refused}");
    assert!(!new.exists(), "an empty file is left");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn named_files_are_of_further_collaterals() {
    let folder = std::env::temp_dir().join(format!("glidepath-assets-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str, minutes: std::ops::Range<u64>, price: u64| {
        let rows: String = minutes
            .map(|n| format!("{},{price},{price},{price},{price},1\n", 60 * n))
            .collect();
        let file = folder.join(name);
        std::fs::write(&file, format!("time,open,high,low,close,volume\n{rows}")).unwrap();
        file
    };
    let (one, two) = (
        file("one.csv", 10_000..10_600, 100),
        file("two.csv", 9_999..10_601, 7),
    );
    let late = file("late.csv", 10_100..10_700, 7);
    let scene = |prices: &[String]| {
        let prices = prices.iter().map(|text| PricesArg::from(text.as_str()));
        let args = SceneArgs {
            prices: prices.collect(),
            ..SceneArgs::default()
        };
        args.scene().map_err(|error| error.to_string())
    };
    let (plain, named) = (one.display().to_string(), format!("two={}", two.display()));

    let alone = scene(std::slice::from_ref(&plain)).unwrap();
    assert_eq!((alone.assets.len(), alone.name(0)), (1, None));
    let both = scene(&[plain.clone(), named.clone()]).unwrap();
    assert_eq!((both.name(0), both.name(1)), (Some("coll"), Some("two")));
    assert_eq!(both.first_prices(), [100.0, 7.0]);
    assert_eq!(both.path_of(1).blocks(), both.path.blocks());
    let first = scene(&[format!("one={plain}"), named.clone()]).unwrap();
    assert_eq!((first.name(0), first.name(1)), (Some("one"), Some("two")));

    let twice = scene(&[plain.clone(), plain.clone()]).unwrap_err();
    assert!(twice.contains("NAME=FILE"), "{twice}");
    let elsewhere = scene(&[plain.clone(), format!("late={}", late.display())]).unwrap_err();
    assert!(
        elsewhere.starts_with("late.csv: its candles are from 1970-01-08 00:20:00"),
        "{elsewhere}"
    );
    let debt = scene(&[plain, format!("usd={}", two.display())]).unwrap_err();
    assert!(debt.starts_with("`usd` names no collateral"), "{debt}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn columns_differ_by_one_tool_each() {
    let args = SceneArgs {
        holders: Some(2.0),
        ..SceneArgs::default()
    };
    let scene = args.scene().unwrap();
    let columns = compare::columns(&scene);
    let told: Vec<_> = columns
        .iter()
        .map(|(kind, scene)| {
            (
                *kind,
                scene.config.holders.depths,
                scene.config.bidders.flash_count,
                scene.config.owners.glide_share,
            )
        })
        .collect();
    let soft = RulesKind::Soft;
    assert_eq!(
        told,
        [
            (soft, 0.0, 0, 0.0),
            (soft, 2.0, 0, 0.0),
            (soft, 0.0, 6, 0.0),
            (soft, 0.0, 0, 1.0),
            (RulesKind::Hard, 0.0, 0, 0.0)
        ]
    );
    let with_capital = |scene: &Scene| {
        let keepers = scene.keepers.iter().filter(|keeper| !keeper.sells_at_once());
        keepers.cloned().collect::<Vec<_>>()
    };
    for (_, column) in &columns {
        assert_eq!(column.borrowers, scene.borrowers);
        assert_eq!(column.path.prices, scene.path.prices);
        assert_eq!(with_capital(column), with_capital(&scene));
    }
}
