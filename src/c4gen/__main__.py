from c4gen.cli import main

main()
